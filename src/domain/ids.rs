//! Ids as types, so that one cannot stand for another.

use std::{borrow::Borrow, fmt, sync::Arc};

use serde::{Deserialize, Serialize};

macro_rules! number_id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

number_id! {
    /// One address on one channel, as the rest of the house knows it.
    ContactId;
    /// One outgoing message.
    OutboxId;
    /// One published, immutable set of content.
    ReleaseId;
    /// Somebody who works with Safar.
    StaffId;
    /// One person's matter in the consultants' queue.
    CaseId;
    /// One file, picture or voice message of a case.
    AttachmentId;
    /// What field staff or a register reports: a session, a line, an answer of the survey.
    EntryId;
    /// One file of entries that was imported.
    ImportId;
    /// One file of evidence.
    EvidenceId;
    /// A set of changes of the content, on its way to a release.
    ChangeSetId;
    /// What a reviewer or editor says of a change.
    RemarkId;
}

/// A node's id: `[a-z][a-z0-9-]{0,39}`, unique over all trees for ever.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NodeId(Arc<str>);

impl NodeId {
    /// Longest id, in bytes. With the longest prefix and a value of 20 bytes a tap token stays within 64.
    pub const MAX_BYTES: usize = 40;

    /// `None` unless `text` has the form of a node id.
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = text.bytes();
        let head = bytes.next().is_some_and(|b| b.is_ascii_lowercase());
        let tail = bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        (head && tail && text.len() <= Self::MAX_BYTES).then(|| Self(text.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for NodeId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
