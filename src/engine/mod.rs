//! The conversation: state in, what to say and what happened out.
//!
//! Pure: no I/O, no clock, no randomness. The same release, state, input and instant give the same turn.

mod advance;
mod after;
mod answer;
mod ask;
pub mod case;
mod choices;
mod doubt;
mod event;
mod handoff;
mod later;
mod lesson;
mod named;
mod question;
mod say;
mod state;
pub mod tool;
mod walk;
mod words;

pub use advance::{advance, converse, standing, standing_with};
pub use case::{Case, Handoff};
pub use choices::{Choice, Label, PER_PAGE, PER_PAGE_WITHOUT_BACK, Page, Sign, choices, page_of};
pub use event::Event;
pub use later::{LATER_APART_MS, LATER_FRESH_MS, LATER_QUIET_MS};
pub use lesson::{Lesson, Why};
pub use say::{CaseMark, Note, Say, Screen, System, Value};
pub use state::{Consent, Drift, Pending, QUESTION, State};

/// What came in, in the engine's words.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    Text(&'a str),
    /// A tap token as it arrived: not yet trusted.
    Tap(&'a str),
    /// A slash word without its slash.
    Command(&'a str),
    Start,
    /// A photo, a voice message: nothing we can read, but a person can.
    Media,
    /// A sticker: a gesture. `readable`: a person could be shown what it says.
    Sticker {
        readable: bool,
    },
    /// What not even a person could be shown: a kind that is newer than we are.
    Unread,
    /// An earlier message reads so now.
    Edited(&'a str),
    Blocked,
    Unblocked,
    /// A reaction: noted, not answered.
    Silent,
    /// No notices, please: said to the channel, not to the bot.
    OptOut,
}

/// The result of one input.
#[derive(Clone, Debug)]
pub struct Turn {
    pub state: State,
    /// At most one message: each costs money on some channels.
    pub say: Option<Say>,
    /// In the order in which they happened.
    pub events: Vec<Event>,
    /// Questions that were not answered well: for those who write the content.
    pub lessons: Vec<Lesson>,
}

/// Version of the notice that people accept; raise it when the notice says something new.
pub const NOTICE_VERSION: u16 = 3;

/// Nodes that one turn may pass through by `otherwise` and answered questions. More is a circle in the content.
pub const STEPS_MAX: usize = 16;

/// Longest trail kept for "back".
pub const TRAIL_MAX: usize = 8;

/// Two equal taps within this time are one double click (channels.md §6, rule 8).
pub const DOUBLE_TAP_MS: i64 = 2_000;

/// Longest free-text answer kept, in characters.
pub const ANSWER_MAX_CHARS: usize = 500;

/// Offset from UTC by which "today" is told: Moscow, where most deadlines run (UTC+3, no summer time).
pub const HOME_OFFSET_MINUTES: i32 = 180;
