//! The running program on WhatsApp, by its webhook and the calls it makes, on both databases.

mod addresses;
mod cli;
mod dialogs;
mod locks;
mod outcomes;
mod parked;
mod patience;
mod people;
mod privacy;
mod sending;
mod touch;
mod walk;
mod webhook;
mod window;
