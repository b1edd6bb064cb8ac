//! The desk: cases as a service on both databases, and as pages.

mod alarm;
mod attention;
mod bad_input;
mod console;
mod crash;
mod crash_files;
mod file_form;
mod files;
mod flood;
mod follow_ups;
mod holders;
mod journey;
mod kept;
pub mod pages;
mod plain;
mod race;
mod sent_files;
mod service;
mod stream;
mod upload;
mod walk;
mod words;
