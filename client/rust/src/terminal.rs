//! The terminal: arguments in, answers and progress out.

pub mod answer;
pub mod args;
pub mod collected;
pub mod context;
pub mod gateway;
pub mod progress;
pub mod table;
