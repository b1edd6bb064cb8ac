//! Files that people and consultants send each other.

use std::fmt;

use bytes::Bytes;

/// Longest file that is taken, in bytes: Telegram gives bots no longer ones (channels.md §2.8).
pub const FILE_MAX_BYTES: usize = 20 << 20;

/// Longest text beside a file, in UTF-16 units (channels.md §1: 1,024 on Telegram and on WhatsApp).
pub const CAPTION_MAX: usize = 1024;

/// Why a file did not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfetched {
    /// Longer than [`FILE_MAX_BYTES`].
    TooLarge,
    /// The channel does not have it, or will never give it.
    Gone,
    /// It may come another time; not before so many seconds, where the channel names them.
    Later { after: Option<u64> },
}

/// A file on its way to a person. `Debug` shows neither name nor content.
#[derive(Clone, PartialEq, Eq)]
pub struct FileOut {
    /// As the person sees it.
    pub name: Box<str>,
    /// By its content, never as its sender called it.
    pub mime: Box<str>,
    pub bytes: Bytes,
}

impl fmt::Debug for FileOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileOut({}, {} bytes)", self.mime, self.bytes.len())
    }
}
