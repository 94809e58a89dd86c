//! The terms of a post, from arguments.

use super::inputs::Asked;
use clap::Args;
use pensum_client::{
    amount::Sum,
    call::Terms,
    quote::{nobody_offers, usual_cap},
    terms, Error,
};
use pensum_primitives::{matching::Matching, verification::Verification};

/// The terms.
#[derive(Debug, Args)]
pub struct TermsArgs {
    /// What pays for the tasks and for what is prepaid: PEN, or the symbol or id of a listed asset. See `assets list`.
    #[arg(long, value_name = "ASSET", default_value = "PEN")]
    pub asset: String,

    /// Most that one task may cost: 25uPEN, or whole units of --asset, such as 0.05; if left out, what the auction may reach, or a quarter above the cheapest offer,
    /// for a quorum for each member of both rounds. What is not needed comes back.
    #[arg(long, value_name = "AMOUNT")]
    max_reward: Option<Sum>,

    /// Blocks, of a second each, after which an answer is of no use; if left out, 60 and what an auction takes, or 240 for a quorum.
    #[arg(long, value_name = "BLOCKS")]
    deadline: Option<u32>,

    /// How the solver is chosen: `book`, at once against the standing offers; `dutch:START..END/BLOCKS`, at a price of a task that
    /// rises until a solver takes it; `sealed:RESERVE/COMMIT/REVEAL`, by the lowest sealed bid, with so many blocks for each phase.
    #[arg(long, value_name = "MATCHING", default_value = "book", value_parser = terms::matching)]
    matching: Matching,

    /// How answers are verified: `replay`, by the chain at once; `replay:WINDOW`, by whoever proves a wrong step in so many blocks;
    /// `quorum:THRESHOLD/SOLVERS[:RULE]`, by solvers drawn by lot of whom THRESHOLD agree, where RULE is exact, label, numeric:PPM or
    /// json:POINTER; `requester:WINDOW`, by yourself: accept, or appeal in so many blocks.
    #[arg(long, value_name = "VERIFICATION", default_value = "replay", value_parser = terms::verification)]
    verification: Verification,

    /// Least reputation of a solver, in parts per million.
    #[arg(long, value_name = "PPM", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    min_reputation: u32,

    /// Take the model even if its publisher or governance warns against it.
    #[arg(long)]
    allow_flagged: bool,
}

impl TermsArgs {
    /// The terms of a post now.
    pub async fn resolve(&self, asked: &Asked) -> Result<Terms, Error> {
        let usual = usual_cap(&asked.quotes, self.matching, &self.verification);
        let model = asked.model.id;
        let deadline = self
            .deadline
            .unwrap_or_else(|| terms::usual_deadline(self.matching, &self.verification));
        Ok(Terms {
            model,
            max_reward: match (&self.max_reward, usual) {
                (_, None) => return Err(nobody_offers(model, &asked.quotes)),
                (Some(named), _) => asked.pays.read(named)?,
                (None, Some(usual)) => asked.chain.worth_in(usual, &asked.pays).await?,
            },
            deadline: asked.chain.best_number().await?.saturating_add(deadline),
            matching: self.matching,
            verification: self.verification.clone(),
            min_reputation: self.min_reputation,
            allow_flagged: self.allow_flagged,
        })
    }
}
