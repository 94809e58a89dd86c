//! The `pensum` command: a terminal on the library `pensum_client`.

mod commands;
mod terminal;

use clap::Parser;
use std::process::ExitCode;
use terminal::{answer, args::Cli, context::Context};

fn main() -> ExitCode {
    // Read by hand: where the arguments cannot be parsed, nothing else tells how to say so.
    let as_json = std::env::args().any(|argument| argument == "--json");
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return answer::unparsed(error, as_json),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("This process cannot start its threads: {error}. Free resources and try again.");
            return ExitCode::FAILURE;
        }
    };
    let context = Context::new(cli.global);
    let answered = runtime.block_on(cli.command.run(&context));
    // A connection that is still closing must not hold the command up.
    runtime.shutdown_background();
    answer::print(answered, context.json)
}
