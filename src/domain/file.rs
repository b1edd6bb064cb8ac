//! Files that people send.

/// Longest file that is taken, in bytes: Telegram gives bots no longer ones (channels.md §2.8).
pub const FILE_MAX_BYTES: usize = 20 << 20;

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
