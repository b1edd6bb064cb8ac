//! What the sender asks of a channel.

use std::{future::Future, time::Duration};

use super::{pace::Pace, retry::Patience};
use crate::{channels::SendError, dialog::Outgoing, domain::ChannelKind};

/// A message that the channel took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The channel's own number of the message in its chat.
    pub message: Option<i64>,
    /// Its name on a channel that has no numbers, in a form that gives nobody away.
    pub reference: Option<String>,
    /// An earlier message was changed; nothing new stands in the chat.
    pub edited: bool,
}

/// A channel's way out.
pub trait Port: Send + Sync + 'static {
    fn kind(&self) -> ChannelKind;

    /// What follows a call whose answer never came.
    fn patience(&self) -> Patience {
        Patience { wait: Duration::ZERO, tries: 2 }
    }

    /// Whether "too many" to a chat may mean all chats.
    fn is_vague(&self) -> bool {
        false
    }

    /// How fast notices may go.
    fn pace(&self) -> Pace;

    /// Whether it is a notice, which waits its turn; answers to a person go at once.
    fn is_notice(&self, outgoing: &Outgoing) -> bool {
        outgoing.lane > 0
    }

    /// Composes, renders and sends one message.
    fn send(&self, outgoing: &Outgoing) -> impl Future<Output = Result<Accepted, SendError>> + Send;
}
