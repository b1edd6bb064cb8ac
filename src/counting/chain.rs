//! The record of events is sealed in blocks, and looked over (indicators.md §1.14).
//!
//! Sealing stays behind the writing, so that no turn waits for it and, on PostgreSQL, rows whose number was given
//! before a later one was committed are in their block.

use std::collections::BTreeMap;

use crate::{
    domain::{ChainHead, ContactId},
    indicators::chain::{Hash, Recorded, Salt, commitment, next},
    store::{
        Store, StoreError, Tx,
        indicators::{
            chain::{self, Block, SaltedRow},
            log,
        },
        meta,
    },
};

/// The highest number when it was last looked at: rows up to it may be sealed at the next look.
const MARK: &str = "events_mark";
/// Blocks read at once.
const BLOCKS_AT_ONCE: u32 = 256;
/// Rows that name no contact have nobody to protect.
const NO_SALT: Salt = [0; 16];

/// Moves the mark to the highest number of now, and returns where it was: up to there rows may be sealed. Call it some
/// minutes apart: no transaction is open for so long.
///
/// # Errors
/// When the database refuses.
pub async fn move_mark(tx: &mut Tx) -> Result<i64, StoreError> {
    let last = i64::try_from(log::last_seq(tx).await?).unwrap_or(i64::MAX);
    let before = meta::get(tx, MARK).await?.and_then(|text| text.parse().ok()).unwrap_or(0);
    meta::set(tx, MARK, &last.to_string()).await?;
    Ok(before)
}

/// Seals at most `limit` of the rows up to number `last` into one block; returns how many.
///
/// # Errors
/// When the database refuses.
pub async fn seal(
    tx: &mut Tx,
    last: i64,
    limit: u32,
    mut fill: impl FnMut(&mut [u8]),
) -> Result<usize, StoreError> {
    let head = chain::lock_head(tx).await?;
    let rows = chain::rows(tx, head.seq, last, limit).await?;
    let Some(end) = rows.last() else { return Ok(0) };
    let mut salts: BTreeMap<ContactId, Salt> = BTreeMap::new();
    for contact in rows.iter().filter(|row| row.salt.is_none()).filter_map(|row| row.contact) {
        salts.entry(contact).or_insert_with(|| {
            let mut salt = Salt::default();
            fill(&mut salt);
            salt
        });
    }
    let mut hash = head.hash;
    for row in &rows {
        let given = row.contact.and_then(|contact| salts.get(&contact));
        let salt = given.copied().or_else(|| salt_of(row)).unwrap_or(NO_SALT);
        hash = next(&hash, &committed(row, &salt)).to_vec();
    }
    let salts: Vec<_> = salts.into_iter().collect();
    chain::add_salts(tx, &salts).await?;
    let commitments = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    chain::add_block(tx, &Block { last_seq: end.seq, commitments, hash }).await?;
    Ok(rows.len())
}

/// Leaves the commitments of these contacts' sealed rows, and drops their salts. Call it before the rows go.
///
/// # Errors
/// When the database refuses.
pub async fn leave(tx: &mut Tx, contacts: &[ContactId]) -> Result<(), StoreError> {
    let head = chain::lock_head(tx).await?;
    let rows = chain::of_people(tx, head.seq, contacts).await?;
    let remains: Vec<(i64, Hash)> =
        rows.iter().map(|row| (row.seq, committed(row, &salt_of(row).unwrap_or(NO_SALT)))).collect();
    chain::leave(tx, &remains, contacts).await
}

fn salt_of(row: &SaltedRow) -> Option<Salt> {
    row.salt.as_deref()?.try_into().ok()
}

fn committed(row: &SaltedRow, salt: &Salt) -> Hash {
    let recorded = Recorded {
        seq: row.seq,
        event_id: &row.event_id,
        kind: &row.kind,
        contact: row.contact.map(|contact| contact.0),
        occurred_at: row.occurred_at.0,
        recorded_at: row.recorded_at.0,
        channel: &row.channel,
        source: &row.source,
        code: row.code.as_deref(),
        attrs: &row.attrs,
    };
    commitment(salt, &recorded)
}

/// What the look at the whole record found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Whole: so many rows, of which so many were erased with their persons; the head, to be noted elsewhere. So many
    /// rows are too young to be sealed.
    Whole { rows: u64, erased: u64, head: ChainHead, young: u64 },
    /// In the block from after `after` up to `last` a row was changed, put in or taken out.
    Broken { after: i64, last: i64 },
    /// Blocks are missing at the end: the last that is there, and the last that was written.
    Cut { last: i64, written: i64 },
    /// The block noted elsewhere is another one now, or gone: the chain was written anew.
    Rewritten { seq: i64 },
}

/// Reads the whole record and reckons each block anew. `noted`: a head that was noted elsewhere earlier.
///
/// # Errors
/// When the database refuses.
pub async fn verify(store: &Store, noted: Option<&str>) -> Result<Verdict, StoreError> {
    let noted = noted.map(ChainHead::parse);
    let mut tx = store.read().await?;
    let (mut last, mut met) = (ChainHead::default(), false);
    let (mut count, mut erased) = (0, 0);
    loop {
        let blocks = chain::blocks(&mut tx, last.seq, BLOCKS_AT_ONCE).await?;
        if blocks.is_empty() {
            break;
        }
        for block in blocks {
            let rows = chain::rows(&mut tx, last.seq, block.last_seq, u32::MAX).await?;
            let remains = chain::remains(&mut tx, last.seq, block.last_seq).await?;
            let found = rows.len() + remains.len();
            erased += remains.len() as u64;
            count += found as u64;
            let live =
                rows.iter().map(|row| (row.seq, committed(row, &salt_of(row).unwrap_or(NO_SALT)).to_vec()));
            let mut all: Vec<(i64, Vec<u8>)> = live.chain(remains).collect();
            all.sort_unstable();
            let mut hash = last.hash.clone();
            for (_, commitment) in &all {
                let Ok(commitment) = Hash::try_from(commitment.as_slice()) else {
                    return Ok(Verdict::Broken { after: last.seq, last: block.last_seq });
                };
                hash = next(&hash, &commitment).to_vec();
            }
            if hash != block.hash || i64::try_from(found) != Ok(block.commitments) {
                return Ok(Verdict::Broken { after: last.seq, last: block.last_seq });
            }
            last = ChainHead { seq: block.last_seq, hash };
            if let Some(noted) = &noted
                && noted.seq == last.seq
            {
                met = *noted == last;
            }
        }
    }
    let written = chain::head(&mut tx).await?;
    if written != last {
        return Ok(Verdict::Cut { last: last.seq, written: written.seq });
    }
    let young = log::count_after(&mut tx, last.seq).await?;
    tx.rollback().await?;
    match noted {
        Some(noted) if noted.seq > 0 && !met => Ok(Verdict::Rewritten { seq: noted.seq }),
        _ => Ok(Verdict::Whole { rows: count, erased, head: last, young }),
    }
}
