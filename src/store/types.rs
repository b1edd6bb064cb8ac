//! Domain types as the two databases store them. `domain` itself knows nothing of sqlx.

use std::fmt;

use sqlx::{Database, Decode, Encode, Type, encode::IsNull, error::BoxDynError};

use super::StoreError;
use crate::domain::{
    AttachmentId, CaseId, ChangeSetId, ChannelKind, ContactId, EntryId, EvidenceId, ImportId, OutboxId,
    ReleaseId, RemarkId, Source, StaffId, Timestamp,
};

/// Newtypes over `i64` are stored as `bigint`.
macro_rules! stored_as_bigint {
    ($($name:ty),*) => {$(
        impl<DB: Database> Type<DB> for $name
        where
            i64: Type<DB>,
        {
            fn type_info() -> DB::TypeInfo {
                <i64 as Type<DB>>::type_info()
            }

            fn compatible(found: &DB::TypeInfo) -> bool {
                <i64 as Type<DB>>::compatible(found)
            }
        }

        impl<'q, DB: Database> Encode<'q, DB> for $name
        where
            i64: Encode<'q, DB>,
        {
            fn encode_by_ref(&self, buffer: &mut DB::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
                <i64 as Encode<'q, DB>>::encode_by_ref(&self.0, buffer)
            }
        }

        impl<'r, DB: Database> Decode<'r, DB> for $name
        where
            i64: Decode<'r, DB>,
        {
            fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
                <i64 as Decode<'r, DB>>::decode(value).map(Self)
            }
        }
    )*};
}

stored_as_bigint!(
    AttachmentId,
    CaseId,
    ContactId,
    EntryId,
    EvidenceId,
    ChangeSetId,
    RemarkId,
    ImportId,
    OutboxId,
    ReleaseId,
    StaffId,
    Timestamp
);

/// `Debug` that shows the row's id only: the rest is what a person said, or sealed.
macro_rules! opaque_debug {
    ($($name:ident . $id:ident),* $(,)?) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({:?}, …)"), self.$id)
            }
        }
    )*};
}
pub(super) use opaque_debug;

/// Keyed HMAC of an external id: finds an address without storing it in the clear.
pub type Lookup = [u8; 16];

pub(super) fn channel(
    table: &'static str,
    row: impl fmt::Display + Copy,
    text: &str,
) -> Result<ChannelKind, StoreError> {
    ChannelKind::parse(text).ok_or_else(|| StoreError::inconsistent(table, "channel", row))
}

pub(super) fn source(
    table: &'static str,
    row: impl fmt::Display + Copy,
    text: &str,
) -> Result<Source, StoreError> {
    [Source::Bot, Source::Sim]
        .into_iter()
        .find(|source| source.as_str() == text)
        .ok_or_else(|| StoreError::inconsistent(table, "source", row))
}

/// A count as the database gives it; it is never negative.
pub(super) fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
