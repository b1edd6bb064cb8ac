//! The people who work with Safar: service, pages, a walk in the browser.

mod pages;
mod service;
mod texts;
mod trail;
pub mod visitor;
pub mod walk;
