//! What to say: ids and variables, from which `compose` makes the exact message.
//!
//! It is what an outbox row holds, so it can be composed again after a crash.

use std::{borrow::Cow, collections::BTreeMap};

use serde::{Deserialize, Serialize};

use crate::domain::{AttachmentId, Locale, NodeId, Profile};

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// One message to a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Say {
    #[serde(rename = "s")]
    pub screen: Screen,
    /// `None`: the person has not chosen yet.
    #[serde(rename = "l", default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<Locale>,
    /// Sentences before the screen's text.
    #[serde(rename = "o", default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    #[serde(rename = "v", default, skip_serializing_if = "BTreeMap::is_empty")]
    pub vars: BTreeMap<Cow<'static, str>, Value>,
    #[serde(rename = "p", default, skip_serializing_if = "Profile::is_empty")]
    pub profile: Profile,
    #[serde(rename = "g", default, skip_serializing_if = "is_default")]
    pub page: u8,
    /// Where the person stood: on the home menu; or, beside what a question found, the open ask.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub resume: Option<NodeId>,
    /// Pages that may answer the person's question, best first: choices of this message.
    #[serde(rename = "f", default, skip_serializing_if = "Vec::is_empty")]
    pub found: Vec<NodeId>,
    /// The language that the person seems to write: first in the choice of languages; elsewhere one more choice.
    #[serde(rename = "w", default, skip_serializing_if = "Option::is_none")]
    pub suggest: Option<Locale>,
    /// The emergency numbers are one more choice: what was written may tell of danger.
    #[serde(rename = "d", default, skip_serializing_if = "is_default")]
    pub warn: bool,
    /// A consultant is offered beside the emergency numbers.
    #[serde(rename = "h", default, skip_serializing_if = "is_default")]
    pub offer: bool,
    /// The person's conversation with a consultant, when there is one.
    #[serde(rename = "k", default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseMark>,
    /// Whether there is a way back.
    #[serde(rename = "b", default, skip_serializing_if = "is_default")]
    pub back: bool,
    /// Help that comes before the language was chosen: in the one that they seem to write, with the choice below.
    #[serde(rename = "x", default, skip_serializing_if = "is_default")]
    pub unchosen: bool,
    /// A consultant's file that goes with it, by its id: the bytes stand in the case.
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub file: Option<AttachmentId>,
}

/// How a conversation with a consultant stands, for the choices and texts of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CaseMark {
    Open,
    Closed,
}

/// What the message shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Screen {
    #[serde(rename = "n")]
    Node(NodeId),
    /// A tool's result: attribute `.out-<outcome>` of the tool's message.
    #[serde(rename = "r")]
    Outcome(NodeId, Cow<'static, str>),
    #[serde(rename = "y")]
    System(System),
}

/// Screens of the interface, in `bot.ftl` under the id that [`System::text_id`] names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum System {
    /// The notice and the choice of language, in the three languages at once.
    Welcome,
    /// The choice of language for one who has chosen before.
    Language,
    /// Pages that may answer a question.
    Found,
    /// Answers thanks and "I see".
    Courtesy,
    MyData,
    DeleteAsk,
    Deleted,
    Kept,
    Stopped,
    /// No mailings any more?
    StopAsk,
    Hidden,
    /// May we pass it on? What is stored, how long, who reads.
    CaseAsk,
    /// What is it about?
    CaseAbout,
    /// It is with the consultants, in working time.
    CaseReceived,
    /// The same outside of it: when they will be there.
    CaseReceivedClosed,
    /// Back in the conversation while nobody has taken it.
    CaseWaiting,
    /// Back in the conversation with somebody.
    CaseInside,
    /// Somebody has taken it.
    CaseClaimed,
    /// A consultant's words.
    CaseAnswer,
    /// It waits for somebody else.
    CaseRequeued,
    /// It is closed: did it help?
    CaseClosed,
    /// It helped: one sentence about it.
    CaseRemark,
    /// It did not help: what is still open?
    CaseMore,
    /// Words of somebody who waits have arrived.
    CaseSent,
    CaseThanks,
    /// It is closed, and opens again with the next words.
    CaseAgain,
    /// A file that did not get through.
    CaseRefused,
    /// For staff: this chat hears the alarm from now on.
    StaffTied,
    /// For staff: the code was used, or ran out.
    StaffCodeGone,
    /// For staff on duty: urgent cases that nobody takes. Says nothing of the person.
    StaffAlarm,
    /// For staff: closed cases that they wanted to look at again. Says nothing of the persons.
    StaffFollowUps,
    /// For staff: a change set of the content waits for them, or came back. Says nothing of it.
    StaffSets,
}

impl System {
    pub const ALL: [Self; 32] = [
        Self::Welcome,
        Self::Language,
        Self::Found,
        Self::Courtesy,
        Self::MyData,
        Self::DeleteAsk,
        Self::Deleted,
        Self::Kept,
        Self::Stopped,
        Self::StopAsk,
        Self::Hidden,
        Self::CaseAsk,
        Self::CaseAbout,
        Self::CaseReceived,
        Self::CaseReceivedClosed,
        Self::CaseWaiting,
        Self::CaseInside,
        Self::CaseClaimed,
        Self::CaseAnswer,
        Self::CaseRequeued,
        Self::CaseClosed,
        Self::CaseRemark,
        Self::CaseMore,
        Self::CaseSent,
        Self::CaseThanks,
        Self::CaseAgain,
        Self::CaseRefused,
        Self::StaffTied,
        Self::StaffCodeGone,
        Self::StaffAlarm,
        Self::StaffFollowUps,
        Self::StaffSets,
    ];

    /// Whether what is written on the screen goes to people, numbers too.
    pub const fn takes_words(self) -> bool {
        matches!(
            self,
            Self::CaseAbout
                | Self::CaseReceived
                | Self::CaseReceivedClosed
                | Self::CaseWaiting
                | Self::CaseInside
                | Self::CaseClaimed
                | Self::CaseAnswer
                | Self::CaseRequeued
                | Self::CaseRemark
                | Self::CaseMore
                | Self::CaseSent
                | Self::CaseAgain
                | Self::CaseRefused
        )
    }

    pub const fn text_id(self) -> &'static str {
        match self {
            Self::Welcome => "welcome",
            Self::Language => "language",
            Self::Found => "found",
            Self::Courtesy => "courtesy",
            Self::MyData => "mydata",
            Self::DeleteAsk => "delete-ask",
            Self::Deleted => "deleted",
            Self::Kept => "kept",
            Self::Stopped => "stopped",
            Self::StopAsk => "stop-ask",
            Self::Hidden => "hidden",
            Self::CaseAsk => "case-ask",
            Self::CaseAbout => "case-about",
            Self::CaseReceived => "case-received",
            Self::CaseReceivedClosed => "case-received-closed",
            Self::CaseWaiting => "case-waiting",
            Self::CaseInside => "case-inside",
            Self::CaseClaimed => "case-claimed",
            Self::CaseAnswer => "case-answer",
            Self::CaseRequeued => "case-requeued",
            Self::CaseClosed => "case-closed",
            Self::CaseRemark => "case-remark",
            Self::CaseMore => "case-more",
            Self::CaseSent => "case-sent",
            Self::CaseThanks => "case-thanks",
            Self::CaseAgain => "case-again",
            Self::CaseRefused => "case-refused",
            Self::StaffTied => "staff-tied",
            Self::StaffCodeGone => "staff-code-gone",
            Self::StaffAlarm => "staff-alarm",
            Self::StaffFollowUps => "staff-follow-ups",
            Self::StaffSets => "staff-sets",
        }
    }
}

/// A sentence of `bot.ftl` that stands before a screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Note(pub Cow<'static, str>);

impl Note {
    pub const NOT_UNDERSTOOD: [&'static str; 3] =
        ["not-understood-1", "not-understood-2", "not-understood-3"];
    pub const DATE_AGAIN: [&'static str; 3] = ["date-again-1", "date-again-2", "date-again-3"];
    pub const NUMBER_AGAIN: [&'static str; 3] = ["number-again-1", "number-again-2", "number-again-3"];
    pub const OPTION_AGAIN: [&'static str; 3] = ["option-again-1", "option-again-2", "option-again-3"];
    pub const TEXT_AGAIN: [&'static str; 2] = ["text-again-1", "text-again-2"];
    pub const DATE_IMPOSSIBLE: [&'static str; 2] = ["date-impossible-1", "date-impossible-2"];
    pub const MEDIA: [&'static str; 2] = ["media-1", "media-2"];
    pub const MOVED: &'static str = "moved";
    pub const OLD_BUTTON: &'static str = "old-button";
    pub const NO_HUMAN: &'static str = "no-human";
    pub const SAVED: &'static str = "saved";
    pub const THANKS: [&'static str; 2] = ["thanks-yes", "thanks-no"];
    pub const WELCOME_AGAIN: [&'static str; 2] = ["welcome-again-1", "welcome-again-2"];
    pub const OPTED_IN: &'static str = "opted-in";
    pub const GIVEN_UP: &'static str = "given-up";
    pub const NOTHING_TO_DELETE: &'static str = "delete-unclear";
    /// An answer that cannot be done without is not known.
    pub const NEEDED: &'static str = "answer-needed";
    pub const FOUND_ONE: &'static str = "found-one";
    pub const NOT_FOUND: [&'static str; 2] = ["not-found-1", "not-found-2"];
    pub const NOT_FOUND_TWICE: &'static str = "not-found-twice";
    /// A question came while another one of ours is open.
    pub const ASK_WAITS: &'static str = "ask-waits";
    /// Said in the language that is offered.
    pub const SWITCH: &'static str = "switch-offer";
    /// Said in a language that the bot does not speak; the same in all files.
    pub const FOREIGN: [&'static str; 3] = ["foreign-uz", "foreign-kk", "foreign-en"];

    /// The number for danger, above whatever answers; and above the choice of language.
    pub const MAY_BE_DANGER: &'static str = "may-be-danger";
    pub const MAY_BE_DANGER_FIRST: &'static str = "may-be-danger-first";

    pub const CASE_FIRST: &'static str = "case-first";
    pub const CASE_LEFT: &'static str = "case-left";
    pub const CASE_KEPT: &'static str = "case-kept";
    pub const CASE_NO: &'static str = "case-not-opened";
    pub const CASE_LANGUAGE: &'static str = "case-language";
    pub const CASE_SENT: &'static str = "case-sent";
    pub const CASE_REOPENED: &'static str = "case-reopened";
    /// The number for danger, where a consultant is waited for.
    pub const CASE_CALL: &'static str = "case-call";
    pub const CASE_REOPENED_LATE: &'static str = "case-reopened-late";
    /// Before the question, and before the farewell, where an open case goes as well.
    pub const DELETE_CASE: &'static str = "delete-case";
    pub const DELETED_CASE: &'static str = "deleted-case";
    /// Only before the emergency numbers: the terms of the button beside them.
    pub const CASE_TERMS: &'static str = "case-terms";
    /// The notice, where a language was chosen under help that came before it.
    pub const NOTICE: &'static str = "notice";

    /// All ids that may stand before any screen, for the check of the interface texts.
    pub fn all() -> impl Iterator<Item = &'static str> {
        let lists: [&[&'static str]; 11] = [
            &Self::NOT_FOUND,
            &Self::FOREIGN,
            &Self::NOT_UNDERSTOOD,
            &Self::DATE_AGAIN,
            &Self::NUMBER_AGAIN,
            &Self::OPTION_AGAIN,
            &Self::TEXT_AGAIN,
            &Self::DATE_IMPOSSIBLE,
            &Self::MEDIA,
            &Self::THANKS,
            &Self::WELCOME_AGAIN,
        ];
        lists.into_iter().flatten().copied().chain([
            Self::MOVED,
            Self::OLD_BUTTON,
            Self::NO_HUMAN,
            Self::SAVED,
            Self::OPTED_IN,
            Self::GIVEN_UP,
            Self::NOTHING_TO_DELETE,
            Self::NEEDED,
            Self::FOUND_ONE,
            Self::NOT_FOUND_TWICE,
            Self::ASK_WAITS,
            Self::SWITCH,
            Self::MAY_BE_DANGER,
            Self::MAY_BE_DANGER_FIRST,
            Self::CASE_FIRST,
            Self::CASE_LEFT,
            Self::CASE_KEPT,
            Self::CASE_NO,
            Self::CASE_LANGUAGE,
            Self::CASE_SENT,
            Self::CASE_REOPENED,
            Self::CASE_REOPENED_LATE,
            Self::CASE_CALL,
            Self::DELETE_CASE,
            Self::DELETED_CASE,
            Self::NOTICE,
        ])
    }
}

impl From<&'static str> for Note {
    fn from(id: &'static str) -> Self {
        Self(Cow::Borrowed(id))
    }
}

/// A variable of a text, formatted by `compose` in the person's language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Value {
    #[serde(rename = "n")]
    Number(i64),
    /// An id used as a selector.
    #[serde(rename = "i")]
    Id(Box<str>),
    #[serde(rename = "d")]
    Day(crate::domain::Day),
    /// Year and month.
    #[serde(rename = "m")]
    Month(i32, u32),
    /// Roubles, in hundredths.
    #[serde(rename = "r")]
    Kopecks(i64),
    /// A bare decimal number as written in the figures.
    #[serde(rename = "f")]
    Decimal(Box<str>),
    /// Words as they are: a name, what a consultant wrote.
    #[serde(rename = "t")]
    Text(Box<str>),
    /// The label of an option: (ask node, value).
    #[serde(rename = "o")]
    Option(NodeId, Box<str>),
}

impl Say {
    pub fn new(screen: Screen, locale: Option<Locale>) -> Self {
        Self {
            screen,
            locale,
            notes: Vec::new(),
            vars: BTreeMap::new(),
            profile: Profile::default(),
            page: 0,
            resume: None,
            found: Vec::new(),
            suggest: None,
            warn: false,
            offer: false,
            case: None,
            back: false,
            unchosen: false,
            file: None,
        }
    }

    /// The node shown, for the engine's own use and for records.
    pub fn node(&self) -> Option<&NodeId> {
        match &self.screen {
            Screen::Node(id) | Screen::Outcome(id, _) => Some(id),
            Screen::System(_) => None,
        }
    }
}

/// A screen's name in case files: `patent-cost`, `deadlines/tj-late`, `#welcome`.
impl std::fmt::Display for Screen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Node(id) => write!(f, "{id}"),
            Self::Outcome(id, outcome) => write!(f, "{id}/{outcome}"),
            Self::System(system) => write!(f, "#{}", system.text_id()),
        }
    }
}
