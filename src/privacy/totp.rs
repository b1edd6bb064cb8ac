//! Codes of the second step: RFC 6238 with what every authenticator app takes, SHA-1, 6 digits, 30 seconds.

use hmac::{Hmac, Mac};
use sha1::Sha1;

use crate::domain::Timestamp;

/// Bytes of a secret (RFC 4226 §4 recommends 160 bits).
pub const SECRET_BYTES: usize = 20;
/// How long a code holds, in milliseconds.
const STEP_MS: i64 = 30_000;
/// Steps before and after the present one whose codes pass as well: clocks differ, and typing takes time.
const SLACK: i64 = 1;
const DIGITS: u32 = 1_000_000;

const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The code of a step, six digits.
fn code(secret: &[u8], step: i64) -> Option<u32> {
    let mut mac = <Hmac<Sha1> as hmac::KeyInit>::new_from_slice(secret).ok()?;
    mac.update(&step.to_be_bytes());
    let sum = mac.finalize().into_bytes();
    let at = usize::from(sum.last()? & 0xf);
    let four: [u8; 4] = sum.get(at..at + 4)?.try_into().ok()?;
    Some((u32::from_be_bytes(four) & 0x7fff_ffff) % DIGITS)
}

/// The step of the code that was typed, if it is one of those that pass at `now`. Blanks in it are passed over.
///
/// The caller marks the step as used: a code passes once.
pub fn matching_step(secret: &[u8], typed: &str, now: Timestamp) -> Option<i64> {
    let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    if typed.len() != 6 || !typed.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let typed: u32 = typed.parse().ok()?;
    let present = now.0.div_euclid(STEP_MS);
    (present - SLACK..=present + SLACK).find(|step| code(secret, *step) == Some(typed))
}

/// The code that holds at an instant, for tests and for those who set up an app by hand.
pub fn code_at(secret: &[u8], now: Timestamp) -> Option<String> {
    code(secret, now.0.div_euclid(STEP_MS)).map(|code| format!("{code:06}"))
}

/// RFC 4648 base32 without padding.
pub fn base32(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 8 / 5 + 1);
    let (mut held, mut bits) = (0_u32, 0);
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            push(&mut out, held >> bits);
        }
        held &= (1 << bits) - 1;
    }
    if bits > 0 {
        push(&mut out, held << (5 - bits));
    }
    out
}

fn push(out: &mut String, value: u32) {
    out.push(BASE32.get((value & 31) as usize).copied().map_or('A', char::from));
}

/// What an authenticator app reads from the QR code.
pub fn uri(secret: &[u8], login: &str) -> String {
    format!("otpauth://totp/Safar:{login}?secret={}&issuer=Safar", base32(secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    #[test]
    fn the_codes_are_those_of_rfc_6238() {
        // Appendix B, SHA-1, the last six of eight digits.
        for (seconds, expected) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
        ] {
            assert_eq!(code_at(SECRET, Timestamp::from_seconds(seconds)).unwrap(), expected);
        }
    }

    #[test]
    fn a_code_passes_one_step_early_or_late_and_not_two() {
        let typed = "050 471";
        let step = 1_111_111_111 / 30;
        for (off, passes) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            let now = Timestamp::from_seconds((step + off) * 30);
            assert_eq!(matching_step(SECRET, typed, now), passes.then_some(step), "{off}");
        }
        let now = Timestamp::from_seconds(1_111_111_111);
        for typed in ["", "50471", "0504711", "05047x", "+50471", "٠٥٠٤٧١"] {
            assert_eq!(matching_step(SECRET, typed, now), None, "{typed}");
        }
    }

    #[test]
    fn base32_is_that_of_rfc_4648() {
        for (bytes, text) in
            [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foobar", "MZXW6YTBOI")]
        {
            assert_eq!(base32(bytes.as_bytes()), text);
        }
    }
}
