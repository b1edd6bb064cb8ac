//! Where facts come from.

use std::sync::Arc;

use crate::domain::RoughDay;

/// A source as it is shown under a text.
#[derive(Clone, Debug)]
pub struct SourceRef(pub Arc<SourceEntry>);

#[derive(Debug)]
pub struct SourceEntry {
    pub key: Box<str>,
    /// Short: a site, a law with its article.
    pub title: Box<str>,
    /// Date of the page; `None` where it carries none.
    pub date: Option<RoughDay>,
    pub url: Option<Box<str>>,
}
