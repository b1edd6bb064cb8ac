//! What people type: folding, words of command and of danger, dates, numbers; which words are Russian; endings.
//!
//! Searching in free text comes later and stands on the same folding.

mod dates;
mod fold;
mod numbers;
mod russian;
mod stems;
mod words;

pub use dates::{DateAnswer, parse_date};
pub use fold::{fold, skeleton};
pub use numbers::parse_number;
pub use russian::is_russian;
pub use stems::has_stem;
pub use words::{Command, Words};
