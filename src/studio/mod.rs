//! The studio: staff change the content. A change set gathers drafts of items, goes to review, is approved by another
//! person and becomes a release; any earlier publication can be published again.
//!
//! Drafts are kept apart from what runs, item by item ([`crate::content::items`]), with what the editor saw. So two
//! sets can change one file, and a set that was begun before another was published fits still, unless both change one
//! item: then its editor sees both texts and says which it shall be.

mod checked;
mod drafts;
mod news;
mod past;
mod publish;
mod review;
mod set;
mod words;

use std::sync::Arc;

use crate::{
    clock::{Clock, Ids},
    content::{Files, Finding, items::Clash},
    domain::{ChangeSetId, Day, Timestamp},
    engine::HOME_OFFSET_MINUTES,
    release::{ReleaseError, Releases},
    store::{Store, StoreError, studio::items::ChangeItemRow},
};

pub use checked::{Checked, Found};
pub use drafts::{Edit, LOOK_MS, Saved};
pub use news::{News, NewsKind};
pub use past::{Back, Published, Step, Told};
pub use publish::Standing;
pub use set::{ChangeSet, Draft, Remark, SetState, SetView, TEXT_MAX_CHARS, TITLE_MAX_CHARS};
pub use words::{Span, SpanKind, word_diff};

/// The service. Cheap to clone.
#[derive(Clone)]
pub struct Studio {
    store: Store,
    releases: Releases,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    kept: Arc<checked::Kept>,
}

impl std::fmt::Debug for Studio {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Studio")
    }
}

/// What could not be done.
#[derive(Debug, thiserror::Error)]
pub enum StudioError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Release(#[from] ReleaseError),
    #[error("{}", .0.as_str())]
    Wrong(Wrong),
}

impl From<Wrong> for StudioError {
    fn from(wrong: Wrong) -> Self {
        Self::Wrong(wrong)
    }
}

/// What keeps staff from what they want; nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// No such set, item, remark or publication.
    NotFound,
    /// No title, or a longer one than [`TITLE_MAX_CHARS`].
    Title,
    /// Empty, or longer than [`TEXT_MAX_CHARS`].
    Text,
    /// Longer than an item may be.
    Long,
    /// The set is not in a state in which this may be done.
    State(SetState),
    /// Another person must: this one edited it, or sent it to review.
    Own,
    /// Somebody changed it meanwhile.
    Changed,
    /// Somebody saved this item meanwhile: their draft, or `None` when they dropped it.
    Overtaken(Option<Box<ChangeItemRow>>),
    /// Items were published meanwhile with other texts.
    Clash(Vec<Clash>),
    /// Nothing is changed.
    Empty,
    /// The content would have these errors.
    Errors(Vec<Finding>),
    /// These warnings have no reason yet.
    Reasons(Vec<Finding>),
    /// The time to publish is over already.
    Past,
}

impl Wrong {
    /// The page says `studio-wrong-<word>`.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Title => "title",
            Self::Text => "text",
            Self::Long => "long",
            Self::State(_) => "state",
            Self::Own => "own",
            Self::Changed => "changed",
            Self::Overtaken(_) => "overtaken",
            Self::Clash(_) => "clash",
            Self::Empty => "empty",
            Self::Errors(_) => "errors",
            Self::Reasons(_) => "reasons",
            Self::Past => "past",
        }
    }

    /// All words of [`Wrong::as_str`].
    pub const WORDS: [&'static str; 13] = [
        "not-found",
        "title",
        "text",
        "long",
        "state",
        "own",
        "changed",
        "overtaken",
        "clash",
        "empty",
        "errors",
        "reasons",
        "past",
    ];
}

impl Studio {
    pub fn new(store: Store, releases: Releases, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self { store, releases, clock, ids, kept: Arc::default() }
    }

    pub const fn releases(&self) -> &Releases {
        &self.releases
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The day by which the check judges.
    pub fn today(&self) -> Day {
        self.now().day(HOME_OFFSET_MINUTES)
    }

    /// The content that a set would make, beside what is in force.
    ///
    /// # Errors
    /// [`Wrong::Clash`] when items were published meanwhile with other texts.
    pub async fn files(&self, set: ChangeSetId) -> Result<(Files, Files), StudioError> {
        let view = self.set(set).await?;
        let (_, base) = self.releases.files().await?;
        let new = crate::content::items::apply(&base, &view.changes()).map_err(Wrong::Clash)?;
        Ok((base, new))
    }
}
