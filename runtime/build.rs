//! Builds the runtime's wasm when the host side is built with `std`.

fn main() {
    #[cfg(feature = "std")]
    substrate_wasm_builder::WasmBuilder::build_using_defaults();
}
