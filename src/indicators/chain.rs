//! The chain over the record of events (indicators.md §1.14): a row's commitment, and a block's hash.

use sha2::{Digest, Sha256};

pub type Hash = [u8; 32];
/// Random, one for each contact. Dropped with the contact: without it nobody can try contents against a commitment.
pub type Salt = [u8; 16];

/// A row of the record, field by field as it is stored.
#[derive(Clone, Copy, Debug)]
pub struct Recorded<'a> {
    pub seq: i64,
    pub event_id: &'a str,
    pub kind: &'a str,
    pub contact: Option<i64>,
    /// UTC milliseconds.
    pub occurred_at: i64,
    pub recorded_at: i64,
    pub channel: &'a str,
    pub source: &'a str,
    pub code: Option<&'a str>,
    pub attrs: &'a str,
}

/// SHA-256 over the salt and the fields, each with its length, so that none can pass for another.
pub fn commitment(salt: &Salt, row: &Recorded<'_>) -> Hash {
    let mut digest = Sha256::new();
    let mut field = |bytes: &[u8]| {
        digest.update((bytes.len() as u64).to_le_bytes());
        digest.update(bytes);
    };
    field(salt);
    field(&row.seq.to_le_bytes());
    field(row.event_id.as_bytes());
    field(row.kind.as_bytes());
    // None and empty differ.
    field(row.contact.map(i64::to_le_bytes).as_ref().map_or(&[], |bytes| bytes.as_slice()));
    field(&row.occurred_at.to_le_bytes());
    field(&row.recorded_at.to_le_bytes());
    field(row.channel.as_bytes());
    field(row.source.as_bytes());
    field(&[u8::from(row.code.is_some())]);
    field(row.code.unwrap_or_default().as_bytes());
    field(row.attrs.as_bytes());
    digest.finalize().into()
}

/// `h_n = SHA-256(h_{n−1} ‖ commitment_n)`.
pub fn next(before: &[u8], commitment: &Hash) -> Hash {
    let mut digest = Sha256::new();
    digest.update(before);
    digest.update(commitment);
    digest.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: Recorded<'static> = Recorded {
        seq: 1,
        event_id: "tg:1:2:0",
        kind: "contact",
        contact: Some(7),
        occurred_at: 1,
        recorded_at: 2,
        channel: "telegram",
        source: "bot",
        code: None,
        attrs: "{}",
    };

    #[test]
    fn every_field_and_the_salt_are_in_the_commitment() {
        let first = commitment(&[1; 16], &ROW);
        assert_ne!(first, commitment(&[2; 16], &ROW));
        for other in [
            Recorded { seq: 2, ..ROW },
            Recorded { event_id: "tg:1:3:0", ..ROW },
            Recorded { kind: "question", ..ROW },
            Recorded { contact: None, ..ROW },
            Recorded { occurred_at: 2, ..ROW },
            Recorded { recorded_at: 1, ..ROW },
            Recorded { channel: "web", ..ROW },
            Recorded { source: "sim", ..ROW },
            Recorded { code: Some(""), ..ROW },
            Recorded { attrs: "{ }", ..ROW },
            // A letter that moves from one field to the next.
            Recorded { channel: "telegramb", source: "ot", ..ROW },
        ] {
            assert_ne!(first, commitment(&[1; 16], &other), "{other:?}");
        }
    }

    #[test]
    fn the_chain_knows_the_order() {
        let (one, other) = ([1; 32], [2; 32]);
        assert_ne!(next(&next(&[], &one), &other), next(&next(&[], &other), &one));
    }
}
