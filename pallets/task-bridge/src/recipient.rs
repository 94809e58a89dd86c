//! Messages that the mailbox hands over: to `TASKS`, and to the ends of warp routes.

use crate::{
    terms::terms, types::Work, warp::routed_asset, weights::WeightInfo, Config, Error, Pallet, Requests,
};
use frame_support::{ensure, weights::Weight};
use pensum_primitives::{
    bridge::{Address, Inbound, TASKS},
    traits::{Mailbox, Posting, Recipients},
    Digest,
};
use pensum_task_abi::{
    message::{ACCEPT, CANCEL, WITHDRAW},
    Delivery, Intent, ToTasks,
};
use sp_runtime::DispatchResult;

/// Bytes of a body, for its weight.
fn length(body: &[u8]) -> u32 {
    u32::try_from(body.len()).unwrap_or(u32::MAX)
}

/// Whether a body claims to be something that nobody waits for an answer to.
fn is_command(body: &[u8]) -> bool {
    matches!(body.first(), Some(&CANCEL | &ACCEPT | &WITHDRAW))
}

impl<T: Config> Recipients for Pallet<T> {
    fn weight(recipient: Address, body: &[u8]) -> Option<Weight> {
        if recipient == TASKS {
            let decode = T::WeightInfo::decode(length(body));
            return Some(decode.saturating_add(Self::weight_of(body)));
        }
        routed_asset(recipient).map(|_| T::WeightInfo::take_tokens())
    }

    fn handle(message: Inbound<'_>) -> DispatchResult {
        if message.recipient == TASKS {
            return Self::take(&message);
        }
        let asset = routed_asset(message.recipient).ok_or(Error::<T>::UnknownRecipient)?;
        Self::take_tokens(&message, asset)
    }
}

impl<T: Config> Pallet<T> {
    fn take(message: &Inbound<'_>) -> DispatchResult {
        match ToTasks::decode(message.body) {
            Ok(ToTasks::Intent(intent)) => {
                ensure!(!Requests::<T>::contains_key(message.id), Error::<T>::AlreadyTaken);
                Self::take_intent(message, &intent);
            }
            Ok(ToTasks::Cancel { request }) => {
                Self::obey(message, |remote| Self::cancel(remote, request.into()));
            }
            Ok(ToTasks::Accept { request }) => {
                Self::obey(message, |remote| Self::accept(remote, request.into()));
            }
            Ok(ToTasks::Withdraw(withdraw)) => {
                Self::obey(message, |remote| Self::withdraw(remote, withdraw));
            }
            // A contract that waits for no answer may not be able to take one.
            Err(_) if is_command(message.body) => {
                Self::obey(message, |_| Err(Error::<T>::Malformed.into()));
            }
            Err(_) => Self::refuse_malformed(message),
        }
        Ok(())
    }

    /// What a body brings about, beside reading it: at once, and in the hook later.
    fn weight_of(body: &[u8]) -> Weight {
        match ToTasks::decode(body) {
            Ok(ToTasks::Intent(intent)) => Self::intent_weight(&intent),
            Ok(ToTasks::Cancel { request } | ToTasks::Accept { request }) => {
                T::WeightInfo::obey().saturating_add(Self::withdraw_weight(request.into()))
            }
            Ok(ToTasks::Withdraw(_)) => T::WeightInfo::obey()
                .saturating_add(T::WeightInfo::send_tokens())
                .saturating_add(Self::message_weight()),
            Err(_) if is_command(body) => Weight::zero(),
            Err(_) => T::WeightInfo::refuse()
                .saturating_add(Self::work_weight(&Work::Result {
                    request: Digest::zero(),
                }))
                .saturating_add(T::Mailbox::signing_weight()),
        }
    }

    fn intent_weight(intent: &Intent) -> Weight {
        let posting = T::Posting::post_weight(&terms(intent, Self::now()), intent.input.len());
        let result = Self::work_weight(&Work::Result {
            request: Digest::zero(),
        });
        let mut weight = T::WeightInfo::take_intent()
            .saturating_add(posting)
            .saturating_add(result)
            .saturating_add(T::Mailbox::signing_weight());
        if intent.delivery == Delivery::Batched {
            // It may stay the only one of its batch.
            weight = weight
                .saturating_add(T::WeightInfo::close())
                .saturating_add(T::WeightInfo::send_root())
                .saturating_add(Self::message_weight());
        }
        if intent.refund_to.is_some() {
            weight = weight
                .saturating_add(T::WeightInfo::send_tokens())
                .saturating_add(Self::message_weight());
        }
        weight
    }

    /// A message, with the validators' signatures of it.
    pub(crate) fn message_weight() -> Weight {
        T::Mailbox::dispatch_weight().saturating_add(T::Mailbox::signing_weight())
    }

    fn withdraw_weight(request: Digest) -> Weight {
        let task = Requests::<T>::get(request).and_then(|request| request.task);
        task.map_or(Weight::zero(), T::Posting::withdraw_weight)
    }
}
