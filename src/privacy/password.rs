//! Passwords of staff: argon2id.

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};

use crate::clock::Ids;

/// Bytes of salt (RFC 9106 §3.1 recommends 16).
const SALT_BYTES: usize = 16;

/// argon2id of a password in PHC form, with the crate's parameters: 19 MiB, two passes, one lane (OWASP's
/// "Password Storage", first choice but one). Takes tens of milliseconds: not on an async thread.
///
/// `None`: longer than argon2 takes, or no memory.
pub fn hash(password: &str, ids: &dyn Ids) -> Option<String> {
    let mut salt = [0; SALT_BYTES];
    ids.fill(&mut salt);
    let hash: PasswordHash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt).ok()?;
    Some(hash.to_string())
}

/// Whether the password is that of the PHC string, whose own parameters count.
pub fn verify(password: &str, phc: &str) -> bool {
    PasswordHash::new(phc)
        .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::MockIds;

    #[test]
    fn a_password_is_known_again_and_no_other() {
        let ids = MockIds::default();
        let phc = hash("correct horse", &ids).unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
        assert!(verify("correct horse", &phc));
        assert!(!verify("correct horse ", &phc) && !verify("", &phc) && !verify("x", "no phc"));
        assert_ne!(hash("correct horse", &ids).unwrap(), phc, "each has a salt of its own");
    }
}
