//! Where a contact stands. Stored as JSON between turns: small, and read by later releases.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::case::{Case, Handoff};
use crate::{
    domain::{Locale, NodeId, Profile, Timestamp},
    lang::Foreign,
};

/// Key of the person's last question among the private answers: for the page to be shown after the language was chosen,
/// for what we learn from it, and for a consultant if a case follows.
pub const QUESTION: &str = "?";

/// Format of the stored state; a newer program reads older ones.
const FORMAT: u8 = 1;

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct State {
    #[serde(rename = "v")]
    format: u8,
    #[serde(rename = "l", default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<Locale>,
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<Consent>,
    #[serde(rename = "p", default, skip_serializing_if = "Profile::is_empty")]
    pub profile: Profile,
    /// The screen in front of the person; `None` before the language is chosen.
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    pub node: Option<NodeId>,
    #[serde(rename = "g", default, skip_serializing_if = "is_default")]
    pub page: u8,
    #[serde(rename = "t", default, skip_serializing_if = "Vec::is_empty")]
    pub trail: Vec<NodeId>,
    /// An open question.
    #[serde(rename = "q", default, skip_serializing_if = "Option::is_none")]
    pub pending: Option<Pending>,
    /// Validated answers of the present flow; they go when the person moves on.
    #[serde(rename = "a", default, skip_serializing_if = "BTreeMap::is_empty")]
    pub answers: BTreeMap<Box<str>, Box<str>>,
    /// How often in a row we did not understand: picks the next wording.
    #[serde(rename = "m", default, skip_serializing_if = "is_default")]
    pub misses: u8,
    /// Profile questions that were skipped: not asked again by themselves.
    #[serde(rename = "k", default, skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<Box<str>>,
    /// The last tap, against double clicks.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub last_tap: Option<(Box<str>, Timestamp)>,
    #[serde(rename = "o", default, skip_serializing_if = "is_default")]
    pub opted_out: bool,
    #[serde(rename = "x", default, skip_serializing_if = "is_default")]
    pub blocked: bool,
    /// The list of languages is in front: its numbers count.
    #[serde(rename = "w", default, skip_serializing_if = "is_default")]
    pub choosing: bool,
    /// The way on that the main menu in front offers; it has a number, too.
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    pub resume: Option<NodeId>,
    /// A confirmation of "delete everything" is open.
    #[serde(rename = "e", default, skip_serializing_if = "is_default")]
    pub deleting: bool,
    /// The question whether to send no mailings is open.
    #[serde(rename = "sp", default, skip_serializing_if = "is_default")]
    pub stopping: bool,
    /// Pages offered for the last question, while they are in front of the person.
    #[serde(rename = "f", default, skip_serializing_if = "Vec::is_empty")]
    pub found: Vec<NodeId>,
    /// They stand on the page of emergency numbers.
    #[serde(rename = "z", default, skip_serializing_if = "is_default")]
    pub alarmed: bool,
    /// The page that was shown alone for the last question, until they move on.
    #[serde(rename = "fo", default, skip_serializing_if = "Option::is_none")]
    pub alone: Option<NodeId>,
    /// The number for danger stands above what is in front: the last words may have told of some.
    #[serde(rename = "wn", default, skip_serializing_if = "is_default")]
    pub warned: bool,
    /// The language put first in the choice of languages.
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub suggested: Option<Locale>,
    /// What they write in another language than the chosen one.
    #[serde(rename = "wd", default, skip_serializing_if = "is_default")]
    pub drift: Drift,
    /// The last question is to be answered when the language in front was chosen.
    #[serde(rename = "qw", default, skip_serializing_if = "is_default")]
    pub waiting: bool,
    /// The page in front, shown for a question that came while [`Self::pending`] is open.
    #[serde(rename = "as", default, skip_serializing_if = "Option::is_none")]
    pub aside: Option<NodeId>,
    /// The profile questions are still to be asked: a question of the person's own came first.
    #[serde(rename = "b", default, skip_serializing_if = "is_default")]
    pub owed: bool,
    /// Questions in a row that found nothing.
    #[serde(rename = "un", default, skip_serializing_if = "is_default")]
    pub unanswered: u8,
    /// When the last of them was asked: what is long ago is no row.
    #[serde(rename = "ua", default, skip_serializing_if = "Option::is_none")]
    pub unanswered_at: Option<Timestamp>,
    /// The conversation with a consultant, the last one.
    #[serde(rename = "h", default, skip_serializing_if = "Option::is_none")]
    pub case: Option<Case>,
    /// What on the way to a consultant, or after, is in front of the person.
    #[serde(rename = "hs", default, skip_serializing_if = "Option::is_none")]
    pub handoff: Option<Handoff>,
    /// The notice was in front of them.
    #[serde(rename = "nt", default, skip_serializing_if = "is_default")]
    pub noticed: bool,
    /// When an answer that they came for was last in front, and nothing since that forbids to ask (`engine::later`).
    #[serde(rename = "an", default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<Timestamp>,
    /// When danger was last the matter.
    #[serde(rename = "tr", default, skip_serializing_if = "Option::is_none")]
    pub troubled: Option<Timestamp>,
    /// When they were last asked for the counts.
    #[serde(rename = "al", default, skip_serializing_if = "Option::is_none")]
    pub asked_later: Option<Timestamp>,
    /// Language of the person's app, as this inbound told it: never stored.
    #[serde(skip)]
    pub hint: Option<Box<str>>,
    /// Free-text answers, and the last question under [`QUESTION`]: stored sealed and apart, never in this JSON.
    #[serde(skip)]
    pub private: BTreeMap<Box<str>, Box<str>>,
}

/// The notice that was accepted, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    pub version: u16,
    pub at: Timestamp,
}

/// How a person's messages leave the chosen language, and how often another was offered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Drift {
    /// The other language of the last clear messages.
    #[serde(rename = "l", skip_serializing_if = "Option::is_none")]
    pub to: Option<Locale>,
    /// Clear messages in it in a row since it was offered.
    #[serde(rename = "r", skip_serializing_if = "is_default")]
    pub row: u8,
    /// Offers since a language was chosen.
    #[serde(rename = "n", skip_serializing_if = "is_default")]
    pub offers: u8,
    /// Languages of theirs that the bot does not speak, in which they were told once which it speaks.
    #[serde(rename = "fl", skip_serializing_if = "is_default")]
    pub told: Vec<Foreign>,
}

/// A question that waits for its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    #[serde(rename = "n")]
    pub ask: NodeId,
    /// The tool that needs the answer.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub tool: Option<NodeId>,
    #[serde(rename = "t", default, skip_serializing_if = "is_default")]
    pub tries: u8,
    /// Asked for the counts, in place of the main menu: it gives way to whatever the person does (`engine::later`).
    #[serde(rename = "l", default, skip_serializing_if = "is_default")]
    pub later: bool,
}

impl Default for State {
    fn default() -> Self {
        Self {
            format: FORMAT,
            locale: None,
            consent: None,
            profile: Profile::default(),
            node: None,
            page: 0,
            trail: Vec::new(),
            pending: None,
            answers: BTreeMap::new(),
            misses: 0,
            skipped: Vec::new(),
            last_tap: None,
            opted_out: false,
            blocked: false,
            choosing: false,
            resume: None,
            deleting: false,
            stopping: false,
            found: Vec::new(),
            alarmed: false,
            alone: None,
            warned: false,
            suggested: None,
            drift: Drift::default(),
            waiting: false,
            aside: None,
            owed: false,
            unanswered: 0,
            unanswered_at: None,
            case: None,
            handoff: None,
            noticed: false,
            answered: None,
            troubled: None,
            asked_later: None,
            hint: None,
            private: BTreeMap::new(),
        }
    }
}

impl State {
    /// Reads a stored state.
    ///
    /// # Errors
    /// When the text is not a state: the caller starts anew rather than refuse the person.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}
