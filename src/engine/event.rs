//! What happened in a turn. Ids only, no texts.

use crate::{
    content::Knowledge,
    domain::{Locale, NodeId},
};

#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// An inbound message, button or start: a touch.
    Contacted,
    /// A knowledge item was asked for and given.
    Viewed {
        node: NodeId,
        knowledge: Knowledge,
    },
    /// A question in the person's own words.
    Questioned,
    /// A profile answer was given; `None`: it was taken back.
    Profiled {
        key: Box<str>,
        value: Option<Box<str>>,
    },
    LocaleChosen(Locale),
    /// The notice of this version was accepted.
    Consented(u16),
    OptedOut,
    OptedIn,
    /// The person confirmed: everything about them goes.
    EraseConfirmed,
    /// The bot's recent messages are to go from the person's screen.
    HideAsked,
    /// "Did it help?"
    Rated {
        node: NodeId,
        helped: bool,
    },
    /// The person gave a case into the consultants' hands. `asked`: their last question belongs to it.
    CaseOpened {
        topic: Option<Box<str>>,
        node: Option<NodeId>,
        urgent: bool,
        asked: bool,
    },
    /// This inbound is for the consultants.
    CaseMessage,
    /// A closed case opens again. `asked`: their last question is what it opens with.
    CaseReopened {
        asked: bool,
    },
    /// Words of danger in an open case: it comes before others from now on.
    CaseUrgent,
    /// "Did it help?" after a case.
    CaseRated {
        helped: bool,
    },
    /// This inbound is the sentence to the answer.
    CaseRemark,
    Blocked,
    Unblocked,
    /// The content led nowhere; the person was brought home.
    Stuck(&'static str),
}

/// An event's line in case files.
impl std::fmt::Display for Event {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Contacted => f.write_str("contact"),
            Self::Viewed { node, knowledge } => write!(f, "view {node} {}", knowledge.as_str()),
            Self::Questioned => f.write_str("question"),
            Self::Profiled { key, value } => write!(f, "profile {key}={}", value.as_deref().unwrap_or("-")),
            Self::LocaleChosen(locale) => write!(f, "locale {locale}"),
            Self::Consented(version) => write!(f, "consent {version}"),
            Self::OptedOut => f.write_str("optout"),
            Self::OptedIn => f.write_str("optin"),
            Self::EraseConfirmed => f.write_str("erase"),
            Self::HideAsked => f.write_str("hide"),
            Self::Rated { node, helped } => write!(f, "rated {node} {}", if *helped { "yes" } else { "no" }),
            Self::CaseOpened { topic, node, urgent, asked } => {
                write!(f, "case {}", topic.as_deref().unwrap_or("-"))?;
                write!(f, " {}", node.as_ref().map_or("-", NodeId::as_str))?;
                f.write_str(if *urgent { " urgent" } else { "" })?;
                f.write_str(if *asked { " asked" } else { "" })
            }
            Self::CaseMessage => f.write_str("case-message"),
            Self::CaseReopened { asked } => {
                f.write_str(if *asked { "case-reopened asked" } else { "case-reopened" })
            }
            Self::CaseUrgent => f.write_str("case-urgent"),
            Self::CaseRated { helped } => write!(f, "case-rated {}", if *helped { "yes" } else { "no" }),
            Self::CaseRemark => f.write_str("case-remark"),
            Self::Blocked => f.write_str("blocked"),
            Self::Unblocked => f.write_str("unblocked"),
            Self::Stuck(why) => write!(f, "stuck {why}"),
        }
    }
}
