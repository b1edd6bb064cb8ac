//! The running program on WhatsApp, by its webhook and the calls it makes, on both databases.

mod addresses;
mod locks;
mod people;
mod receipts;
mod touch;
mod webhook;
