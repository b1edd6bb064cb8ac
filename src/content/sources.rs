//! Where facts come from.

use std::sync::Arc;

use crate::domain::Day;

/// A source as it is shown under a text.
#[derive(Clone, Debug)]
pub struct SourceRef(pub Arc<SourceEntry>);

#[derive(Debug)]
pub struct SourceEntry {
    pub key: Box<str>,
    /// Short: a site, a law with its article.
    pub title: Box<str>,
    /// Day of the page; `None` where it carries none.
    pub date: Option<Day>,
    pub url: Option<Box<str>>,
}
