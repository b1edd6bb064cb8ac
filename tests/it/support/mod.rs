//! What the tests stand on.

pub mod app;
pub mod chromium;
pub mod fake_telegram;
pub mod fake_whatsapp;
pub mod files;
pub mod forms;
pub mod program;
pub mod remains;
pub mod smtp;
pub mod sql;
pub mod time;
pub mod whatsapp;
pub mod whatsapp_limits;
