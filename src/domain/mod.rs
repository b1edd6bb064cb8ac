//! Plain types that every layer speaks. Nothing here does I/O or knows the time.

mod address;
mod buckets;
mod chain;
mod code;
mod desk;
mod file;
mod ids;
mod inbound;
mod limits;
mod locale;
mod profile;
mod time;
mod told;

pub use address::{Address, ChannelKind, Source};
pub use buckets::{Buckets, Rate};
pub use chain::ChainHead;
pub use code::CampaignCode;
pub use desk::{DeskView, Zone};
pub use file::{CAPTION_MAX, FILE_MAX_BYTES, FileOut, Unfetched};
pub use ids::{
    AttachmentId, CaseId, ChangeSetId, ContactId, EntryId, EvidenceId, ImportId, NodeId, OutboxId, ReleaseId,
    RemarkId, StaffId,
};
pub use inbound::{Attached, Content, Inbound, MediaKind, Reach};
pub use limits::{Limits, Unit};
pub use locale::{Locale, StaffLocale};
pub use profile::{AGE, AUDIENCE, CITIZENSHIP, CITY, DESTINATION, Profile, SEX, age_group};
pub use time::{Day, RoughDay, Timestamp, parse_day};
pub use told::Told;

/// Bytes in lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// The bytes of lower-case or capital digits; `None`: it is something else.
pub fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs.iter().map(|[high, low]| Some((digit(*high)? << 4) | digit(*low)?)).collect()
}
