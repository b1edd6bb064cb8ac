//! Telegram's case files, its polling and its settings.

mod poll;
mod receive;
mod send;
mod setup;
