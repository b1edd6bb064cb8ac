//! The published content as a whole, and documents made of it.

mod glossary;
mod overdue;
