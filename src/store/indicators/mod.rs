//! What counting keeps: persons, cells of the figures, unit records, and the events that they come from.

pub mod cells;
pub mod chain;
pub mod files;
pub mod log;
pub mod people;
pub mod quality;
pub mod reports;
pub mod units;
pub mod uses;
