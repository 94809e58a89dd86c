//! One file per call, and per promise.

mod agenda;
mod closing;
mod commit;
mod copying;
mod dismiss;
mod draw;
mod excuse;
mod invariants;
mod jury;
mod reveal;
mod rounds;
mod summon;
mod tally;
mod views;
mod weights;
