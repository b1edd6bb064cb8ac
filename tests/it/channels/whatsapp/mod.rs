//! WhatsApp's case files and settings.

mod receive;
mod screens;
mod send;
mod setup;

/// The id of our phone number.
const NUMBER: &str = "111";
