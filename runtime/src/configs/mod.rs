//! How each pallet is wired, one concern a file.

mod assets;
mod bridge;
mod consensus;
mod fees;
mod governance;
mod money;
mod operator;
mod pensum;
mod randomness;
mod staking;
mod system;

pub use assets::{Currencies, Kind, NativeAndAssets};
pub use money::treasury_account;
pub use operator::call as operator_call;
