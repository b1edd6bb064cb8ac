//! Files that a report becomes: one file each here, and one line of [`EXPORTS`].

mod activityinfo;
mod csv;
mod dhis2;
mod html;
mod iati;
mod xlsx;

use super::{Order, ReportError, View, Words};

/// An export.
#[derive(Debug)]
pub struct Export {
    /// On the command line and in the database.
    pub name: &'static str,
    /// Ending of its files.
    pub ending: &'static str,
    pub mime: &'static str,
    /// Whoever wants may read it: small cells are always hidden.
    pub is_published: bool,
    /// Tells months, so that it can never be a public one.
    pub is_by_month: bool,
    /// Is of one country, if that is asked for; the others know nothing of [`Order::country`].
    pub is_by_country: bool,
    pub write: fn(&Said<'_>) -> Result<Vec<u8>, ReportError>,
}

/// A report with its words, about to be written.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    pub view: View<'a>,
    pub words: Words<'a>,
    pub order: &'a Order,
}

/// All exports.
pub const EXPORTS: &[Export] =
    &[xlsx::EXPORT, csv::EXPORT, html::EXPORT, iati::EXPORT, dhis2::EXPORT, activityinfo::EXPORT];

impl Export {
    pub fn find(name: &str) -> Option<&'static Self> {
        EXPORTS.iter().find(|export| export.name == name)
    }
}
