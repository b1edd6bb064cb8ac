//! What the sender asks of a channel.

use std::future::Future;

use crate::{channels::SendError, dialog::Outgoing, domain::ChannelKind};

/// A message that the channel took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The channel's own number of the message in its chat.
    pub message: Option<i64>,
    /// An earlier message was changed; nothing new stands in the chat.
    pub edited: bool,
}

/// A channel's way out.
pub trait Port: Send + Sync + 'static {
    fn kind(&self) -> ChannelKind;
    /// Composes, renders and sends one message.
    fn send(&self, outgoing: &Outgoing) -> impl Future<Output = Result<Accepted, SendError>> + Send;
}
