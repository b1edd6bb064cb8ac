//! The people who work with Safar: their accounts and what they did.
//!
//! Services for pages and command line. They seal, hash and tell the time; the store only keeps.

pub mod audit;
mod role;
pub mod staff;

pub use role::{Role, Roles};
