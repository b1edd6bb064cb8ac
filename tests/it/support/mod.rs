//! What the tests stand on.

pub mod fake_telegram;
