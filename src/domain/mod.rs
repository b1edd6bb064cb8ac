//! Plain types that every layer speaks. Nothing here does I/O or knows the time.

mod address;
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
pub use chain::ChainHead;
pub use code::CampaignCode;
pub use desk::{DeskView, Zone};
pub use file::{CAPTION_MAX, FILE_MAX_BYTES, FileOut, Unfetched};
pub use ids::{
    AttachmentId, CaseId, ContactId, EntryId, EvidenceId, ImportId, NodeId, OutboxId, ReleaseId, StaffId,
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
