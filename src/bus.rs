//! Wake-ups carrying ids. Rows are the truth; a lost signal costs time, never a message.
//!
//! Local by itself. On PostgreSQL the app passes the database's notifications in and out.

use tokio::sync::broadcast;

use crate::domain::{CaseId, ContactId, ReleaseId, StaffId};

/// Something that another part may wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Another release is in force.
    Release(ReleaseId),
    /// Outbox rows of this contact wait for their web page.
    WebMessage(ContactId),
    /// Outbox rows wait for a sender.
    Outbox,
    /// The queue of cases changed: one came, went, or moved.
    Queue,
    /// A case changed, or something was said in it.
    Case(CaseId),
    /// Somebody looks at a case, and whether they write.
    Look { case: CaseId, staff: StaffId, writes: bool },
    /// The consultant of this contact's open case has read what they said, and whether they write an answer now.
    Attends { contact: ContactId, writes: bool },
    /// The settings of the desk changed.
    Desk,
}

/// Name of the database's notification channel.
pub const NOTIFY_CHANNEL: &str = "safar";

impl Signal {
    /// The payload of a database notification.
    pub fn to_payload(self) -> String {
        match self {
            Self::Release(id) => format!("release {id}"),
            Self::WebMessage(id) => format!("web {id}"),
            Self::Outbox => "outbox".to_owned(),
            Self::Queue => "queue".to_owned(),
            Self::Desk => "desk".to_owned(),
            Self::Case(id) => format!("case {id}"),
            Self::Attends { contact, writes } => {
                format!("{} {contact}", if writes { "answers" } else { "read" })
            }
            Self::Look { case, staff, writes } => {
                format!("{} {case}:{staff}", if writes { "write" } else { "look" })
            }
        }
    }

    pub fn from_payload(text: &str) -> Option<Self> {
        match text.split_once(' ') {
            None => match text {
                "outbox" => Some(Self::Outbox),
                "queue" => Some(Self::Queue),
                "desk" => Some(Self::Desk),
                _ => None,
            },
            Some(("case", id)) => Some(Self::Case(CaseId(id.parse().ok()?))),
            Some((word @ ("look" | "write"), ids)) => {
                let (case, staff) = ids.split_once(':')?;
                let (case, staff) = (CaseId(case.parse().ok()?), StaffId(staff.parse().ok()?));
                Some(Self::Look { case, staff, writes: word == "write" })
            }
            Some((word @ ("answers" | "read"), id)) => {
                Some(Self::Attends { contact: ContactId(id.parse().ok()?), writes: word == "answers" })
            }
            Some(("release", id)) => Some(Self::Release(ReleaseId(id.parse().ok()?))),
            Some(("web", id)) => Some(Self::WebMessage(ContactId(id.parse().ok()?))),
            _ => None,
        }
    }
}

/// The local broadcast.
#[derive(Clone, Debug)]
pub struct Bus(broadcast::Sender<Signal>);

/// Signals a slow listener may miss before it is told to look at the rows itself.
const CAPACITY: usize = 1024;

impl Bus {
    pub fn new() -> Self {
        Self(broadcast::channel(CAPACITY).0)
    }

    pub fn send(&self, signal: Signal) {
        // Nobody listening is no error.
        let _ = self.0.send(signal);
    }

    pub fn listen(&self) -> broadcast::Receiver<Signal> {
        self.0.subscribe()
    }
}

impl Default for Bus {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payloads_read_back() {
        let attends = |writes| Signal::Attends { contact: ContactId(6), writes };
        let look = |writes| Signal::Look { case: CaseId(5), staff: StaffId(2), writes };
        for signal in [
            Signal::Release(ReleaseId(7)),
            Signal::WebMessage(ContactId(9)),
            Signal::Outbox,
            Signal::Queue,
            Signal::Desk,
            Signal::Case(CaseId(4)),
            look(true),
            look(false),
            attends(true),
            attends(false),
        ] {
            assert_eq!(Signal::from_payload(&signal.to_payload()), Some(signal));
        }
        assert_eq!(Signal::from_payload("release x"), None);
    }
}
