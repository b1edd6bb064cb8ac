//! The end of a chain of hashes, as it is written down.

use std::fmt;

use super::hex;

/// Number of the last row and its hash: `SEQ:HEX`; `0:` before the first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChainHead {
    pub seq: i64,
    pub hash: Vec<u8>,
}

impl ChainHead {
    /// Reads what [`fmt::Display`] wrote; anything else is a head that no row has.
    pub fn parse(text: &str) -> Self {
        let (seq, hash) = text.split_once(':').unwrap_or(("0", ""));
        let digit =
            |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16)).unwrap_or(0) as u8;
        let bytes = hash.as_bytes().chunks(2).map(|pair| (digit(pair.first()) << 4) | digit(pair.get(1)));
        Self { seq: seq.parse().unwrap_or(0), hash: bytes.collect() }
    }

    /// Whether a text that somebody noted can be a head.
    pub fn is_noted(text: &str) -> bool {
        text.split_once(':').is_some_and(|(seq, hash)| {
            seq.parse::<i64>().is_ok() && hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit())
        })
    }
}

impl fmt::Display for ChainHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.seq, hex(&self.hash))
    }
}
