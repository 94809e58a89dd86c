//! Prints `vectors.json`: `cargo run -p pensum-task-abi --example vectors > bridge/task-abi/vectors.json`.

#[path = "../tests/suite/vectors/document.rs"]
mod document;
#[path = "../tests/suite/samples.rs"]
mod samples;
#[path = "../tests/suite/vectors/tree.rs"]
mod tree;

fn main() {
    println!("{:#}", document::document());
}
