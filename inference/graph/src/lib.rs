//! The integer graph: format, validator and executor, with the same bits natively and in the runtime.
//!
//! A graph is one byte string (`FORMAT.md` describes every byte). [`Graph::validate`] proves once that no execution can
//! overflow or run away; [`Graph::load`] is the cheap way back to a graph whose bytes were validated before;
//! [`Graph::run`] turns input bytes into output bytes with integers only. [`builder`] writes graphs.
//!
//! Of a model that is too large to run on chain, the chain keeps the [`Skeleton`], and [`step`] executes any one node of it
//! on what a challenger brings. [`tile`] cuts the nodes of a graph to steps of a given size.
#![cfg_attr(not(feature = "std"), no_std)]
#![deny(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

extern crate alloc;

mod bounds;
pub mod builder;
mod cost;
mod error;
mod execute;
mod graph;
mod header;
pub mod limits;
mod lite;
mod live;
mod node;
mod operator;
mod reader;
mod skeleton;
mod spec;
pub mod step;
mod table;
mod tensor;
pub mod tile;
mod value;
mod writer;

pub use cost::COST_PER_DIGEST_BYTE;
pub use error::{GraphError, InputError, ParameterName, RunError, StepError, TileError};
pub use execute::Trace;
pub use graph::Graph;
pub use limits::{Limits, TileLimits};
pub use lite::fold;
pub use skeleton::{NodeSpec, Skeleton, TensorBytes};
pub use spec::{InputSpec, OutputSpec};
pub use tensor::DType;
