//! What storage items are for, as far as the life of a task reads or writes them.

/// What an item is for.
pub fn purpose_of(item: &str) -> &'static str {
    match item {
        "System.Account" => "money of requester, solver, publisher, author and treasury",
        "System.BlockHash" => "the genesis hash that everybody signs",
        "Balances.Holds" => "escrow of the requester",
        "Balances.TotalIssuance" | "Balances.InactiveIssuance" | "Treasury.Deactivated" => {
            "what the treasury owns does not count in votes; once a block in which that changes"
        }
        "TaskMarket.Batches" => "the batch: terms, solvers, open tasks",
        "TaskMarket.Inputs" => "what the model reads",
        "TaskMarket.Agenda" => "the block after which the batch must be looked at",
        "TaskMarket.Assigned" => "the solver's list of what it must answer",
        "TaskMarket.NextBatch" => "the next id",
        "Rates.Stable" => "what a stable unit is worth, where an offer is quoted in it",
        "SolverStaking.Books" => "the offers for the model",
        "SolverStaking.Solvers" => "stake and reputation: of each candidate, then of the solver",
        "SolverStaking.Operators" => "whose key signed",
        "AttestationRegistry.Models" => "limits, price shares and state of the model",
        "AttestationRegistry.Graphs" => "the model itself, to run it",
        "AttestationRegistry.RecordRoots" => "root of the block's records; once a block",
        _ => "",
    }
}
