//! The only integration binary: one link, one run.

mod architecture;
mod channels;
mod dialogs;
mod store;
mod support;
