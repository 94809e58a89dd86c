//! What a post would cost, before anything is paid.

use crate::{
    call::{self, Terms},
    chain::At,
    input::Input,
    post::check_batch,
    refusal, terms,
    transaction::Call,
    view::SolverOffer,
    Amount, Chain, Error, Key, Kind, ModelId,
};
use pensum_primitives::{matching::Matching, verification::Verification};
use serde::Serialize;

/// How much above the cheapest price a cap is set where the requester names none, in percent: enough for the next offers where the
/// cheapest solver is busy. What is not needed comes back at settlement.
const HEADROOM_PERCENT: u128 = 25;
/// Most rounds of the search for the prepaid fee: one for each bit of an amount.
const MAX_ROUNDS: u32 = 128;

/// The standing offers for some inputs, cheapest first.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct OfferQuote {
    /// Who offers.
    pub solver: String,
    /// What all tasks would cost with this solver.
    pub total: Amount,
    /// What the dearest task would cost.
    pub dearest: Amount,
    /// Most tasks it holds at once.
    pub capacity: u32,
}

/// What a post by one account would cost now.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Costs {
    /// On hold until the tasks end: the cap of every task.
    pub escrow: Amount,
    /// The inclusion fee, at most.
    pub fee: Amount,
    /// What answering and replaying is prepaid; none where the account cannot pay it.
    pub prepaid: Option<Amount>,
    /// What the account can spend now.
    pub spendable: Amount,
    /// Why the chain would refuse the post now, if it would.
    pub refusal: Option<Error>,
}

/// What the offers would ask for these inputs, cheapest first.
pub fn offers(offers: &[SolverOffer], inputs: &[Input]) -> Vec<OfferQuote> {
    let mut quotes: Vec<OfferQuote> = offers
        .iter()
        .map(|SolverOffer { solver, offer }| {
            let prices = inputs.iter().map(|input| offer.price(input.len()));
            OfferQuote {
                solver: solver.clone(),
                total: Amount(prices.clone().fold(0, u128::saturating_add)),
                dearest: Amount(prices.max().unwrap_or_default()),
                capacity: offer.capacity,
            }
        })
        .collect();
    quotes.sort_by_key(|quote| quote.total);
    quotes
}

/// A cap for each task where the requester names none: what the matching names, else above the cheapest offer, as often as
/// members of a panel may have to be paid.
pub fn usual_cap(quotes: &[OfferQuote], matching: Matching, verification: &Verification) -> Option<Amount> {
    if let Some(cap) = terms::cap_of(matching) {
        return Some(cap);
    }
    let cheapest = quotes.iter().map(|quote| quote.dearest.0).min()?;
    let headroom = cheapest.saturating_mul(HEADROOM_PERCENT).div_ceil(100);
    let one = cheapest.saturating_add(headroom);
    Some(Amount(one.saturating_mul(terms::members(verification))))
}

/// Nobody would answer a task that the book must match.
pub fn nobody_offers(model: ModelId) -> Error {
    Error::refused(
        "TaskMarket.NobodyOffers",
        format!("No solver offers model {model}."),
        "Wait for an offer, or choose another model.",
    )
}

impl Chain {
    /// The offers for a model and these inputs, cheapest first.
    pub async fn offer_quotes(&self, model: ModelId, inputs: &[Input]) -> Result<Vec<OfferQuote>, Error> {
        check_batch(inputs)?;
        Ok(offers(&self.rpc.offers(model).await?, inputs))
    }

    /// What an account can spend at a block: what is frozen, and what keeps it alive, stays.
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
        let escrow = terms.max_reward.0.saturating_mul(inputs.len() as u128);
        // All questions are about one state, or the answers would not fit together.
        let at = self.best().await?;
        let refusal = match self.dry_run(&at, requester, &post).await {
            Ok(()) => None,
            Err(error) if error.kind == Kind::Refused => Some(error),
            Err(error) => return Err(error),
        };
        let spendable = self.spendable(&at, requester.public()).await?.0;
        let prepaid = match refusal {
            None => Some(
                self.prepaid(&at, requester, &post, spendable.saturating_sub(escrow))
                    .await?,
            ),
            Some(_) => None,
        };
        Ok(Costs {
            escrow: Amount(escrow),
            fee: self.fee(&at, requester, &post).await?,
            prepaid,
            spendable: Amount(spendable),
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
        unescrowed: u128,
    ) -> Result<Amount, Error> {
        let own = requester.account();
        let batch = |left: u128| call::batch_all([post.clone(), call::transfer(&own, Amount(left))]);
        let fee = self.fee(at, requester, &batch(unescrowed)).await?.0;
        let before = unescrowed.saturating_sub(fee);
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
        let lower = self.fee(at, requester, &batch(before - low)).await?.0;
        Ok(Amount(low.saturating_add(fee.saturating_sub(lower))))
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

    fn offer(solver: &str, base: u128, per_byte: u128) -> SolverOffer {
        SolverOffer {
            solver: solver.into(),
            offer: Offer {
                base,
                per_byte,
                min_reward: 0,
                capacity: 8,
            },
        }
    }

    #[test]
    fn offers_are_sorted_by_what_these_inputs_cost() {
        let inputs = [Input::Inline(vec![0; 10]), Input::Inline(vec![0; 1])];
        let quotes = offers(&[offer("by length", 10, 9), offer("flat", 50, 0)], &inputs);
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
        let quotes = offers(&[offer("a", 10, 9), offer("b", 50, 0)], &inputs);
        let replay = Verification::Replay { window: 0 };
        assert_eq!(usual_cap(&quotes, Matching::Book, &replay), Some(Amount(63)));
        assert_eq!(usual_cap(&[], Matching::Book, &replay), None);
        let quorum = terms::verification("quorum:2/3").unwrap();
        assert_eq!(
            usual_cap(&quotes, Matching::Book, &quorum),
            Some(Amount(6 * 63)),
            "a second round has six members"
        );
        let dutch = terms::matching("dutch:1pPEN..7pPEN/9").unwrap();
        assert_eq!(usual_cap(&[], dutch, &replay), Some(Amount(7)));
    }
}
