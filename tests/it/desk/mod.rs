//! The desk: cases as a service on both databases, and as pages.

mod alarm;
mod files;
mod pages;
mod service;
mod walk;
mod words;
