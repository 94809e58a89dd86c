//! One behaviour each.

mod admin;
mod announce;
mod checkpoints;
mod dispatch;
mod gas;
mod invariants;
mod isms;
mod migrations;
mod process;
mod report;
mod timing;
mod validators;
mod vectors;
mod views;
mod weights;
