//! What the tests stand on.

pub mod app;
pub mod chromium;
pub mod fake_telegram;
