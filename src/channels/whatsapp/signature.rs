//! Deliveries are signed: HMAC-SHA256 of the raw body under the app's secret (channels.md §3.2).

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

const PREFIX: &[u8] = b"sha256=";
const DIGEST_BYTES: usize = 32;

/// The digest that a header claims; `None` unless it is `sha256=` and 64 hex digits.
pub fn claimed(header: Option<&[u8]>) -> Option<[u8; DIGEST_BYTES]> {
    let hex = header?.strip_prefix(PREFIX)?;
    if hex.len() != 2 * DIGEST_BYTES {
        return None;
    }
    let mut digest = [0; DIGEST_BYTES];
    for (byte, pair) in digest.iter_mut().zip(hex.chunks_exact(2)) {
        let [high, low] = pair else { return None };
        let digit = |c: u8| char::from(c).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(digest)
}

/// Checks a signature while the body arrives.
pub struct Check {
    mac: Hmac<Sha256>,
    claimed: [u8; DIGEST_BYTES],
    is_secret: bool,
}

impl Check {
    /// `None` never happens: HMAC takes keys of any length.
    pub fn new(secret: &str, claimed: [u8; DIGEST_BYTES]) -> Option<Self> {
        let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
        Some(Self { mac, claimed, is_secret: !secret.is_empty() })
    }

    pub fn update(&mut self, part: &[u8]) {
        self.mac.update(part);
    }

    /// Whether all that was seen was signed with the secret; compared in constant time. An empty secret signs nothing.
    pub fn is_right(self) -> bool {
        let is_same: bool = self.mac.finalize().into_bytes().ct_eq(&self.claimed).into();
        self.is_secret && is_same
    }
}

/// Whether a verification request carries our token; compared in constant time.
pub fn token_matches(expected: &str, given: &str) -> bool {
    !expected.is_empty() && expected.as_bytes().ct_eq(given.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(secret: &str, body: &[u8], claimed: [u8; DIGEST_BYTES]) -> bool {
        let whole = {
            let mut check = Check::new(secret, claimed).unwrap();
            check.update(body);
            check.is_right()
        };
        let mut check = Check::new(secret, claimed).unwrap();
        body.chunks(7).for_each(|part| check.update(part));
        assert_eq!(check.is_right(), whole, "in parts as in one piece");
        whole
    }

    #[test]
    fn the_vectors_of_the_description_match() {
        let table: [(&str, &str); 2] = [
            (
                r#"{"object":"whatsapp_business_account","entry":[]}"#,
                "d3e4f9da0ce6c71ab3dba55929b8eeeee2455349e534924ead19f98d143e904f",
            ),
            (
                r#"{"t":"\u0421\u0430\u043b\u043e\u043c"}"#,
                "0789b899fbc3a8ca277624f166624e0a2096f92528aeb40197671f14ae5e64a6",
            ),
        ];
        for (body, hex) in table {
            let digest = claimed(Some(format!("sha256={hex}").as_bytes())).unwrap();
            assert!(matches("app-secret", body.as_bytes(), digest));
            assert!(!matches("app-secreT", body.as_bytes(), digest));
            assert!(!matches("app-secret", &body.as_bytes()[1..], digest));
        }
    }

    #[test]
    fn headers_of_another_form_claim_nothing() {
        let hex = "0".repeat(64);
        let wrong = [
            "",
            "sha256=",
            &hex,
            &format!("sha1={hex}"),
            &format!("sha256={hex}0"),
            &format!("sha256= {}", "0".repeat(63)),
        ];
        for header in wrong {
            assert_eq!(claimed(Some(header.as_bytes())), None, "{header}");
        }
        assert_eq!(claimed(Some(format!("sha256={}é", "0".repeat(62)).as_bytes())), None);
        assert_eq!(claimed(None), None);
        assert!(claimed(Some(format!("sha256={}", "aF".repeat(32)).as_bytes())).is_some());
        assert!(!matches("", b"", [0; 32]));
    }
}
