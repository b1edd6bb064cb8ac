//! The running program on WhatsApp, by its webhook and the calls it makes, on both databases.

mod addresses;
mod receipts;
mod sending;
mod touch;
mod webhook;
