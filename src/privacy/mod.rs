//! The key, sealing, and keyed look-up. Knows no database: callers store what it makes.
//!
//! One secret file of 32 bytes (base64) yields, by HMAC with a label each, the sealing key and the look-up key.

pub mod password;
pub mod totp;

use std::{fmt, io, path::Path};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce, aead::Aead, aead::Payload};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::{
    clock::Ids,
    domain::{Address, CaseId, OutboxId},
};

/// Bytes of a keyed look-up (indicators.md §1.3).
pub const LOOKUP_BYTES: usize = 16;
/// What the domain is parted with from the identifier (indicators.md §1.3).
const UNIT_SEPARATOR: u8 = 0x1f;
const NONCE_BYTES: usize = 24;
const SECRET_BYTES: usize = 32;

/// What all that belongs to a case is sealed for: its row, entries, drafts, files.
pub fn case_context(case: CaseId) -> String {
    format!("case {case}")
}

/// What a message to a person is sealed for while it waits to be sent.
pub fn message_context(message: OutboxId) -> String {
    format!("message {message}")
}

/// The key file could not be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error(
        "the key file {path} is missing: restore it from where you keep it apart from the backups; without it no stored address can be read"
    )]
    Missing { path: String },
    #[error("the key file {path} cannot be read: {source}")]
    Unreadable { path: String, source: io::Error },
    #[error(
        "the key file {path} must hold 32 bytes in base64, as `safar` wrote them; it holds something else"
    )]
    Malformed { path: String },
    #[error("the key file {path} cannot be written: {source}")]
    Unwritable { path: String, source: io::Error },
    #[error(
        "the key file {path} is not the one of this database (fingerprint {given}, the database has {stored}): restore the right file"
    )]
    Different { path: String, given: String, stored: String },
}

/// Sealed bytes could not be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("sealed data cannot be opened with this key")]
pub struct Unsealable;

/// The keys of a running program. `Debug` shows none.
#[derive(Clone)]
pub struct Keys {
    sealing: XChaCha20Poly1305,
    lookup: Hmac<Sha256>,
    fingerprint: String,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keys({})", self.fingerprint)
    }
}

impl Keys {
    /// Version of the key, kept beside what it sealed, for rotation.
    pub const ID: i32 = 1;

    pub fn from_secret(secret: &[u8; SECRET_BYTES]) -> Self {
        let derive = |label: &[u8]| {
            let mut mac = mac(secret);
            mac.update(label);
            mac.finalize().into_bytes()
        };
        let fingerprint = crate::domain::hex(derive(b"safar fingerprint").get(..8).unwrap_or_default());
        Self {
            sealing: XChaCha20Poly1305::new(&derive(b"safar sealing")),
            lookup: mac(&derive(b"safar lookup")),
            fingerprint,
        }
    }

    /// Reads the key file.
    ///
    /// # Errors
    /// [`KeyError`] when it is missing, unreadable or no key.
    pub fn read(path: &Path) -> Result<Self, KeyError> {
        let name = || path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => KeyError::Missing { path: name() },
            io::ErrorKind::InvalidData => KeyError::Malformed { path: name() },
            _ => KeyError::Unreadable { path: name(), source },
        })?;
        let malformed = || KeyError::Malformed { path: name() };
        let bytes = STANDARD.decode(text.trim()).map_err(|_| malformed())?;
        let secret: [u8; SECRET_BYTES] = bytes.try_into().map_err(|_| malformed())?;
        Ok(Self::from_secret(&secret))
    }

    /// Makes a key file that only its owner can read. Refuses to overwrite one.
    ///
    /// # Errors
    /// [`KeyError::Unwritable`].
    pub fn create(path: &Path, ids: &dyn Ids) -> Result<Self, KeyError> {
        use std::{fs, io::Write};
        let unwritable = |source| KeyError::Unwritable { path: path.display().to_string(), source };
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(unwritable)?;
        }
        let mut secret = [0; SECRET_BYTES];
        ids.fill(&mut secret);
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(unwritable)?;
        file.write_all(format!("{}\n", STANDARD.encode(secret)).as_bytes()).map_err(unwritable)?;
        file.sync_all().map_err(unwritable)?;
        Ok(Self::from_secret(&secret))
    }

    /// Names the key without giving it away; the database keeps it.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The keyed hash under which an address is found again.
    pub fn lookup(&self, address: &Address) -> [u8; LOOKUP_BYTES] {
        let mut mac = self.lookup.clone();
        mac.update(address.hmac_domain().as_bytes());
        mac.update(&[UNIT_SEPARATOR]);
        mac.update(address.external.as_bytes());
        let mut out = [0; LOOKUP_BYTES];
        for (to, from) in out.iter_mut().zip(mac.finalize().into_bytes()) {
            *to = from;
        }
        out
    }

    /// The keyed hash of a channel's message id, in hex: a WhatsApp id contains the phone number.
    pub fn message_lookup(&self, id: &[u8]) -> String {
        let mut mac = self.lookup.clone();
        mac.update(b"message");
        mac.update(&[UNIT_SEPARATOR]);
        mac.update(id);
        crate::domain::hex(mac.finalize().into_bytes().get(..LOOKUP_BYTES).unwrap_or_default())
    }

    /// A keyed hash of anything, apart for each purpose: finds it again without storing it in the clear.
    pub fn digest(&self, purpose: &str, value: &[u8]) -> Vec<u8> {
        let mut mac = self.lookup.clone();
        mac.update(purpose.as_bytes());
        mac.update(&[UNIT_SEPARATOR]);
        mac.update(value);
        mac.finalize().into_bytes().to_vec()
    }

    /// The alias of an identifier of a domain (indicators.md §1.3), in hex: finds it again, and never leads back to it.
    /// `None` of nothing. Capitals and spaces around it make no difference.
    pub fn alias(&self, domain: &str, identifier: &str) -> Option<String> {
        let identifier = identifier.trim().to_lowercase();
        let hash = self.digest(domain, identifier.as_bytes());
        (!identifier.is_empty()).then(|| crate::domain::hex(hash.get(..LOOKUP_BYTES).unwrap_or_default()))
    }

    /// Seals bytes for one purpose: they open only with the same `context`.
    pub fn seal(&self, context: &str, plain: &[u8], ids: &dyn Ids) -> Vec<u8> {
        let mut nonce = [0; NONCE_BYTES];
        ids.fill(&mut nonce);
        let payload = Payload { msg: plain, aad: context.as_bytes() };
        let mut out = nonce.to_vec();
        // Fails only past 256 GiB.
        out.extend(self.sealing.encrypt(&XNonce::from(nonce), payload).unwrap_or_default());
        out
    }

    /// Opens what [`Keys::seal`] made.
    ///
    /// # Errors
    /// [`Unsealable`] with another key or context, or when a bit changed.
    pub fn open(&self, context: &str, sealed: &[u8]) -> Result<Vec<u8>, Unsealable> {
        let (nonce, body) = sealed.split_at_checked(NONCE_BYTES).ok_or(Unsealable)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().map_err(|_| Unsealable)?;
        let payload = Payload { msg: body, aad: context.as_bytes() };
        self.sealing.decrypt(&XNonce::from(nonce), payload).map_err(|_| Unsealable)
    }
}

/// Compares in a time that does not tell where they differ.
pub fn same(a: &[u8], b: &[u8]) -> bool {
    subtle::ConstantTimeEq::ct_eq(a, b).into()
}

#[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
fn mac(key: &[u8]) -> Hmac<Sha256> {
    <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key).expect("any length of key")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clock::MockIds, domain::ChannelKind};

    #[test]
    fn sealed_bytes_open_only_with_key_context_and_every_bit() {
        let (ids, keys) = (MockIds::default(), Keys::from_secret(&[7; 32]));
        let sealed = keys.seal("address", b"12345", &ids);
        assert_eq!(keys.open("address", &sealed).unwrap(), b"12345");
        assert_eq!(keys.open("other", &sealed), Err(Unsealable));
        assert_eq!(Keys::from_secret(&[8; 32]).open("address", &sealed), Err(Unsealable));
        for bit in 0..sealed.len() {
            let mut broken = sealed.clone();
            broken[bit] ^= 1;
            assert_eq!(keys.open("address", &broken), Err(Unsealable));
        }
        assert_eq!(keys.open("address", b"short"), Err(Unsealable));
    }

    #[test]
    fn lookups_differ_by_channel_and_key() {
        let keys = Keys::from_secret(&[7; 32]);
        let tg = Address::new(ChannelKind::Telegram, "1");
        let web = Address::new(ChannelKind::Web, "1");
        assert_ne!(keys.lookup(&tg), keys.lookup(&web));
        assert_ne!(keys.lookup(&tg), Keys::from_secret(&[8; 32]).lookup(&tg));
        assert_eq!(keys.lookup(&tg), keys.lookup(&tg));
    }
}
