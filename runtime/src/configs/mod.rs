//! How each pallet is wired, one concern a file.

mod consensus;
mod governance;
mod money;
mod operator;
mod pensum;
mod randomness;
mod staking;
mod system;

pub use money::{author_and_treasury, treasury_account};
pub use operator::call as operator_call;
