//! What the tests stand on.

pub mod app;
pub mod fake_telegram;
