//! The published content as a whole, and documents made of it.

mod coverage;
mod glossary;
mod overdue;
