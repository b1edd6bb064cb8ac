//! The dashboard: its figures against a recount, who sees what, the pages, the plans of its queries.

mod figures;
mod pages;
pub mod people;
mod plans;
mod uses;
mod walk;
