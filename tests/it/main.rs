//! The only integration binary: one link, one run.

mod architecture;
mod channels;
mod crash;
mod dialogs;
mod server;
mod store;
mod support;
