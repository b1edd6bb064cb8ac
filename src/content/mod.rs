//! Trees, texts, figures, places and sources, parsed into an immutable [`Release`].
//!
//! Reads text, never files; what is wrong with it comes back as [`Finding`]s, not as a half-made release.

mod figures;
mod files;
mod finding;
mod glossary;
pub mod items;
mod node;
mod parse;
mod places;
mod release;
pub mod replies;
mod search;
mod sources;
pub mod templates;
mod token;

pub use figures::{Figure, Figures, Grade, Unit};
pub use files::{CONSOLE_NAMES, Files, console_files, embedded, interface_files};
pub use finding::{Finding, Severity};
pub use glossary::{Term, glossary_table};
pub use node::{Answer, Ask, Caution, Condition, Kind, Knowledge, Node, ToolUse};
pub use places::{LANGUAGES, Place, PlaceKind};
pub use release::{Release, Settings};
pub use replies::Reply;
pub use search::{CHOICES, Found, KAZAKHSTAN, Matched, Search, is_of_kazakhstan};
pub use sources::SourceRef;
pub use templates::{Purpose, Template, TemplateText, Variable};
pub use token::{CaseTap, Token};
