//! Errors: each a fact and a remedy.

use frame_support::pallet_macros::pallet_section;

/// Why a call or a message fails.
#[pallet_section]
mod errors {
    #[pallet::error]
    pub enum Error<T> {
        /// No module has this address. Send intents to `tasks` of `bridge_info`, and tokens to the end of their warp route.
        UnknownRecipient,
        /// The message was taken before. Each is taken once.
        AlreadyTaken,
        /// The body is not the ABI encoding of what its first byte says. Encode it as `PensumAbi.sol` does.
        Malformed,
        /// No request of this id is open: it never came, was refused, or has ended. See `bridge_request`.
        NotOpen,
        /// The request is somebody else's. Only the contract that sent it can cancel it or accept its answer.
        NotItsSender,
        /// The asset has no warp route to that chain; PEN has none to any. See `RouteSet`.
        NoRoute,
        /// The sender is not the route's router. Ask governance to set the route, or send from the router that it names.
        NotItsRouter,
        /// The body is no token message. It is recipient and amount, 32 bytes each.
        TokenMessageMalformed,
        /// So much does not fit. Send less at once.
        AmountTooLarge,
        /// There is nothing to send. Give an amount above 0 that the account holds.
        NothingToSend,
        /// The recipient is the zero address, from which nobody could have it. Name another.
        NoRecipient,
        /// The router is a contract on an EVM chain and cannot pay out to an address with anything in its first 12 bytes. Put 12 zero bytes before
        /// the 20 of an EVM address.
        RecipientNotEvm,
        /// Less of the asset has come from that chain than would go there, and its collateral would not suffice. Send less, or to another
        /// chain.
        NotEnoughOutstanding,
        /// The route still owes what came by it to the chain it came from. Remove or change it when all of that went back.
        RouteOwes,
        /// The asset does not exist. Create it first.
        UnknownAsset,
        /// The chain has no registry to which a root could be sent. Ask governance to set one.
        NoRegistry,
        /// The account does not hold what the delivery costs beside what it needs to stay alive. Add funds.
        CannotPayDelivery,
        /// So much of the asset is worth nothing in PEN, so that no fee can be counted in it. Raise the amount.
        WorthNothing,
        /// The delivery costs more than could be paid in this asset. Ask for less gas, or wait until it is cheaper.
        DeliveryTooDear,
        /// Nothing waits for this account in this asset. See `Uncredited`.
        NothingWaits,
        /// The account still cannot hold what waits for it. Give it the asset's minimum balance, or wait until the asset's issuer lifts what
        /// it put on asset or account.
        StillCannotHold,
    }
}
