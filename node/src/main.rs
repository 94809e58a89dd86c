//! The node's binary: the service with the runtime's wasm in it, and nothing else.

use std::process::ExitCode;

fn main() -> ExitCode {
    let embedded = pensum_service::Embedded {
        wasm: pensum_runtime::WASM_BINARY,
        version: env!("SUBSTRATE_CLI_IMPL_VERSION"),
    };
    match pensum_service::run(embedded) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Error: {error}");
            ExitCode::FAILURE
        }
    }
}
