//! The only integration binary: one link, one run.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::disallowed_methods,
    clippy::items_after_statements,
    reason = "a test that cannot go on should stop"
)]

mod architecture;
mod batch;
mod board;
mod browser;
mod campaigns;
mod channels;
mod check;
mod cli;
mod content;
mod crash;
mod desk;
mod dialogs;
mod field;
mod handoff;
mod indicators;
mod questions;
mod report;
mod sentences;
mod server;
mod staff;
mod store;
mod studio;
mod support;
mod web;
mod whatsapp;
