//! What a post would cost, before anything is paid.

use crate::{
    asset::{Currency, Fee, Money, StableUnit},
    call::{self, Terms},
    chain::At,
    input::Input,
    post::check_batch,
    refusal, terms,
    transaction::Call,
    view::{SolverOffer, Unit},
    Amount, AssetId, Chain, Error, Key, Kind, ModelId,
};
use pensum_primitives::{matching::Matching, verification::Verification};
use serde::Serialize;

/// How much above the cheapest price a cap is set where the requester names none, in percent: enough for the next offers where the
/// cheapest solver is busy. What is not needed comes back at settlement.
const HEADROOM_PERCENT: u128 = 25;
/// Most rounds of the search for the prepaid fee: one for each bit of an amount.
const MAX_ROUNDS: u32 = 128;

/// The standing offers for some inputs.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct OfferQuotes {
    /// The offers that can be chosen, cheapest first.
    pub offers: Vec<OfferQuote>,
    /// How many are passed over, because they are quoted in the stable unit and that has no rate now.
    pub without_rate: usize,
    /// How many are passed over, because their solvers do not accept the asset that pays.
    pub not_accepting: usize,
    /// The asset in whose whole units the stable unit counts, if governance has named one.
    pub stable: Option<AssetId>,
}

/// A standing offer for some inputs.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct OfferQuote {
    /// Who offers.
    pub solver: String,
    /// What all tasks would cost with this solver, in PEN.
    pub total: Amount,
    /// The same in 10⁻¹² of the stable unit; none while that has no rate.
    pub total_stable: Option<Money>,
    /// What the dearest task would cost, in PEN.
    pub dearest: Amount,
    /// What the offer is quoted in.
    pub unit: Unit,
    /// Most tasks it holds at once.
    pub capacity: u32,
}

/// What a post by one account would cost now.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Costs {
    /// On hold until the tasks end: the cap of every task, in units of `asset`.
    pub escrow: Money,
    /// The inclusion fee, at most.
    #[serde(flatten)]
    pub fee: Fee,
    /// What answering and replaying is prepaid, in units of `asset`; none where the account cannot pay it.
    pub prepaid: Option<Money>,
    /// What the account can spend now, in units of `asset`.
    pub spendable: Money,
    /// The asset that pays for the tasks; none is PEN.
    pub asset: Option<AssetId>,
    /// Why the chain would refuse the post now, if it would.
    pub refusal: Option<Error>,
}

/// What the offers would ask for these inputs.
pub fn offers(offers: &[SolverOffer], inputs: &[Input], stable: Option<&StableUnit>) -> OfferQuotes {
    let rate = stable.and_then(StableUnit::rate);
    let quote = |SolverOffer { solver, offer }: &SolverOffer| {
        let in_pen = offer.in_native(rate)?;
        let prices = inputs.iter().map(|input| in_pen.price(input.len()));
        let total = prices.clone().fold(0, u128::saturating_add);
        Some(OfferQuote {
            solver: solver.clone(),
            total: Amount(total),
            total_stable: stable.and_then(|stable| stable.worth_of(total)),
            dearest: Amount(prices.max().unwrap_or_default()),
            unit: offer.unit,
            capacity: offer.capacity,
        })
    };
    let mut quotes: Vec<OfferQuote> = offers.iter().filter_map(quote).collect();
    quotes.sort_by_key(|quote| quote.total);
    OfferQuotes {
        without_rate: offers.len() - quotes.len(),
        not_accepting: 0,
        offers: quotes,
        stable: stable.and_then(|stable| stable.currency().id()),
    }
}

/// A cap for each task in PEN where the requester names none: what the matching names, else above the cheapest offer, as often as
/// members of a panel may have to be paid.
pub fn usual_cap(quotes: &OfferQuotes, matching: Matching, verification: &Verification) -> Option<Amount> {
    if let Some(cap) = terms::cap_of(matching) {
        return Some(cap);
    }
    let cheapest = quotes.offers.iter().map(|quote| quote.dearest.0).min()?;
    let headroom = cheapest.saturating_mul(HEADROOM_PERCENT).div_ceil(100);
    let one = cheapest.saturating_add(headroom);
    Some(Amount(one.saturating_mul(terms::members(verification))))
}

/// Nobody would answer a task that the book must match.
pub fn nobody_offers(model: ModelId, quotes: &OfferQuotes) -> Error {
    if quotes.without_rate > 0 {
        return Error::refused(
            "TaskMarket.OffersWithoutRate",
            format!("Every offer for model {model} is quoted in the stable unit, which has no rate now."),
            "See `pensum assets list`, and try again later, or choose another model.",
        );
    }
    if quotes.not_accepting > 0 {
        return Error::refused(
            "TaskMarket.AssetNotAccepted",
            format!("Solvers offer model {model}, but none of them accepts this asset."),
            "Pay with PEN, or with an asset that one of them accepts: see `pensum solver status`.",
        );
    }
    Error::refused(
        "TaskMarket.NobodyOffers",
        format!("No solver offers model {model}."),
        "Wait for an offer, or choose another model.",
    )
}

impl Chain {
    /// The offers for a model and these inputs, by solvers that accept what pays.
    pub async fn offer_quotes(
        &self,
        model: ModelId,
        inputs: &[Input],
        pays: &Currency,
    ) -> Result<OfferQuotes, Error> {
        check_batch(inputs)?;
        let stable = self.stable_unit().await?;
        let all = self.rpc.offers(model).await?;
        let mut accepting = Vec::new();
        for offer in &all {
            if self.accepts(&offer.solver, pays).await? {
                accepting.push(offer.clone());
            }
        }
        Ok(OfferQuotes {
            not_accepting: all.len() - accepting.len(),
            ..offers(&accepting, inputs, stable.as_ref())
        })
    }

    async fn accepts(&self, solver: &str, pays: &Currency) -> Result<bool, Error> {
        match pays.id() {
            None => Ok(true),
            Some(asset) => Ok(self.rpc.solver(solver).await?.accepts.contains(&asset)),
        }
    }

    /// What an account can spend of PEN at a block: what is frozen, and what keeps it alive, stays.
    pub async fn spendable(&self, at: &At, account: [u8; 32]) -> Result<Amount, Error> {
        let balance = self.balance(at, account).await?;
        let existential: u128 = self.constant(at, "Balances", "ExistentialDeposit")?;
        let must_stay = existential.max(balance.frozen.saturating_sub(balance.reserved));
        Ok(Amount(balance.free.saturating_sub(must_stay)))
    }

    /// What a post would cost: the fee by the payment API, everything else by dry runs in the state of the best block.
    pub async fn costs(&self, requester: &Key, terms: &Terms, inputs: &[Input]) -> Result<Costs, Error> {
        check_batch(inputs)?;
        let post = call::post(terms, inputs);
        let currency = &terms.max_reward.currency;
        let escrow = terms.max_reward.units.saturating_mul(inputs.len() as u128);
        // All questions are about one state, or the answers would not fit together.
        let at = self.best().await?;
        let refusal = match self.dry_run(&at, requester, &post).await {
            Ok(()) => None,
            Err(error) if error.kind == Kind::Refused => Some(error),
            Err(error) => return Err(error),
        };
        let spendable = self.spendable_of(&at, requester.public(), currency).await?;
        let unescrowed = currency.units(spendable.units.saturating_sub(escrow));
        let prepaid = match refusal {
            None => Some(self.prepaid(&at, requester, &post, &unescrowed).await?),
            Some(_) => None,
        };
        Ok(Costs {
            escrow: currency.units(escrow),
            fee: self.fee(&at, requester, &post).await?,
            prepaid,
            spendable,
            asset: currency.id(),
            refusal,
        })
    }

    /// What the post prepays, as the runtime itself works it out: the greatest transfer to itself that the account can still make
    /// after the post, in one batch with it, tells what the post takes. Only the chain knows its weights; a formula copied here
    /// would go stale.
    async fn prepaid(
        &self,
        at: &At,
        requester: &Key,
        post: &Call,
        unescrowed: &Money,
    ) -> Result<Money, Error> {
        let (own, currency) = (requester.account(), &unescrowed.currency);
        let batch = |left: u128| call::batch_all([post.clone(), call::transfer(&own, &currency.units(left))]);
        let fee = self
            .fee_in(at, requester, &batch(unescrowed.units), currency)
            .await?;
        let before = unescrowed.units.saturating_sub(fee);
        // The search is over what the post prepays: `low` is too little, `high` is enough.
        let (mut low, mut high) = (0u128, before);
        for _ in 0..MAX_ROUNDS {
            if low >= high {
                break;
            }
            let middle = low + (high - low) / 2;
            match self.succeeds(at, requester, &batch(before - middle)).await? {
                true => high = middle,
                false => low = middle + 1,
            }
        }
        // A smaller transfer is a shorter transaction, whose lower fee the search has mistaken for a lower prepayment.
        let lower = self.fee_in(at, requester, &batch(before - low), currency).await?;
        Ok(currency.units(low.saturating_add(fee.saturating_sub(lower))))
    }

    /// The part of the inclusion fee that is paid in this: all or nothing.
    async fn fee_in(&self, at: &At, key: &Key, call: &Call, currency: &Currency) -> Result<u128, Error> {
        match self.pays_in() == currency {
            true => Ok(self.fee(at, key, call).await?.fee.units),
            false => Ok(0),
        }
    }

    async fn succeeds(&self, at: &At, key: &Key, call: &Call) -> Result<bool, Error> {
        match self.dry_run(at, key, call).await {
            Ok(()) => Ok(true),
            Err(error) if refusal::is_by_chain(&error) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::Offer;
    use serde_json::json;

    fn offer(solver: &str, base: u128, per_byte: u128) -> SolverOffer {
        SolverOffer {
            solver: solver.into(),
            offer: Offer {
                base,
                per_byte,
                min_reward: 0,
                capacity: 8,
                unit: Unit::Native,
            },
        }
    }

    #[test]
    fn offers_are_sorted_by_what_these_inputs_cost() {
        let inputs = [Input::Inline(vec![0; 10]), Input::Inline(vec![0; 1])];
        let quotes = offers(&[offer("by length", 10, 9), offer("flat", 50, 0)], &inputs, None).offers;
        assert_eq!(
            quotes
                .iter()
                .map(|quote| quote.solver.as_str())
                .collect::<Vec<_>>(),
            ["flat", "by length"]
        );
        assert_eq!((quotes[0].total, quotes[1].total), (Amount(100), Amount(119)));
        assert_eq!(quotes[1].dearest, Amount(100));
    }

    #[test]
    fn the_usual_cap_is_a_quarter_above_the_cheapest_for_the_dearest_task() {
        let inputs = [Input::Inline(vec![0; 10]), Input::Inline(vec![0; 1])];
        let quotes = offers(&[offer("a", 10, 9), offer("b", 50, 0)], &inputs, None);
        let none = offers(&[], &inputs, None);
        let replay = Verification::Replay { window: 0 };
        assert_eq!(usual_cap(&quotes, Matching::Book, &replay), Some(Amount(63)));
        assert_eq!(usual_cap(&none, Matching::Book, &replay), None);
        let quorum = terms::verification("quorum:2/3").unwrap();
        assert_eq!(
            usual_cap(&quotes, Matching::Book, &quorum),
            Some(Amount(6 * 63)),
            "a second round has six members"
        );
        let dutch = terms::matching("dutch:1pPEN..7pPEN/9").unwrap();
        assert_eq!(usual_cap(&none, dutch, &replay), Some(Amount(7)));
    }
    #[test]
    fn an_offer_in_the_stable_unit_is_compared_in_pen_and_passed_over_without_a_rate() {
        let inputs = [Input::Inline(vec![0; 1])];
        let mut stable_offer = offer("stable", 30, 0);
        stable_offer.offer.unit = Unit::Stable;
        let all = [stable_offer, offer("pen", 20, 0)];
        // Half a PEN for a whole unit.
        let unit = |worth: Option<&str>| {
            let listed = json!({
                "asset": 1, "symbol": "tUSD", "decimals": 6, "worth": worth, "sampled_at": 7, "stable": true,
            });
            StableUnit::of(&serde_json::from_value(listed).unwrap())
        };
        let quotes = offers(&all, &inputs, Some(&unit(Some("500000000000"))));
        assert_eq!(
            (quotes.offers[0].solver.as_str(), quotes.offers[0].total),
            ("stable", Amount(15))
        );
        let totals: Vec<_> = quotes
            .offers
            .iter()
            .map(|quote| quote.total_stable.as_ref().unwrap().units)
            .collect();
        assert_eq!((totals, quotes.without_rate), (vec![30, 40], 0));
        let silent = offers(&all, &inputs, Some(&unit(None)));
        assert_eq!(
            (silent.offers.len(), silent.without_rate, silent.stable),
            (1, 1, Some(1))
        );
        let model = ModelId::default();
        let only = offers(&all[..1], &inputs, None);
        assert_eq!(nobody_offers(model, &only).code, "TaskMarket.OffersWithoutRate");
        assert_eq!(
            nobody_offers(model, &offers(&[], &inputs, None)).code,
            "TaskMarket.NobodyOffers"
        );
    }
}
