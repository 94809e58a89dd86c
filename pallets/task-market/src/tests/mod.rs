//! One file per call, and per promise.

mod accept;
mod answer;
mod appeal;
mod assets;
mod auction;
mod authorize;
mod cancel;
mod claim;
mod conviction;
mod decline;
mod expiry;
mod footprint;
mod handover;
mod invariants;
mod panel;
mod post;
mod posting;
mod prepay;
mod settlement;
mod stranded;
mod terms;
mod timing;
mod views;
mod weights;
