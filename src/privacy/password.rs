//! Passwords of staff: argon2id.

use std::sync::{Mutex, PoisonError};

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash, Salt},
};

use crate::clock::Ids;

/// Bytes of salt (RFC 9106 §3.1 recommends 16).
const SALT_BYTES: usize = 16;

/// Memory that was hashed in, 19 MiB each, to be used again. Freed, it would stay in the allocator's arenas: after 200
/// log-ins on many threads that was 290 MiB.
static ROOMS: Mutex<Vec<Vec<Block>>> = Mutex::new(Vec::new());

/// argon2id of a password in PHC form, with the crate's parameters: 19 MiB, two passes, one lane (OWASP's
/// "Password Storage", first choice but one). Takes tens of milliseconds: not on an async thread.
///
/// `None`: longer than argon2 takes.
pub fn hash(password: &str, ids: &dyn Ids) -> Option<String> {
    let mut salt = [0; SALT_BYTES];
    ids.fill(&mut salt);
    let params = Params::default();
    let (algorithm, version) = (Algorithm::default(), Version::default());
    let hash = PasswordHash {
        algorithm: algorithm.ident(),
        version: Some(version.into()),
        params: ParamsString::try_from(&params).ok()?,
        salt: Some(Salt::new(&salt).ok()?),
        hash: Some(output(password, &salt, algorithm, version, params)?),
    };
    Some(hash.to_string())
}

/// Whether the password is that of the PHC string, whose own parameters count.
pub fn verify(password: &str, phc: &str) -> bool {
    let output_of = |hash: &PasswordHash| {
        let algorithm = Algorithm::try_from(hash.algorithm.as_str()).ok()?;
        let version = Version::try_from(hash.version?).ok()?;
        output(password, hash.salt?.as_ref(), algorithm, version, Params::try_from(hash).ok()?)
    };
    // `Output` compares in constant time.
    PasswordHash::new(phc).is_ok_and(|hash| hash.hash.is_some() && output_of(&hash) == hash.hash)
}

fn output(
    password: &str,
    salt: &[u8],
    algorithm: Algorithm,
    version: Version,
    params: Params,
) -> Option<Output> {
    let mut bytes = [0; Output::MAX_LENGTH];
    let out = bytes.get_mut(..params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN))?;
    let mut room = ROOMS.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
    room.resize(params.block_count(), Block::default());
    let argon2 = Argon2::new(algorithm, version, params);
    let done = argon2.hash_password_into_with_memory(password.as_bytes(), salt, out, &mut room);
    // What was made of the password does not lie about.
    room.fill(Block::default());
    ROOMS.lock().unwrap_or_else(PoisonError::into_inner).push(room);
    done.ok()?;
    Output::new(out).ok()
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

    #[test]
    fn hashes_of_others_are_read_with_their_own_parameters() {
        // Of the reference program: `argon2 somesalt -id -t 2 -m 16 -p 1`.
        let phc = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        assert!(verify("password", phc));
        assert!(!verify("Password", phc));
        for broken in
            [phc.rsplit_once('$').unwrap().0, &phc.replace("v=19$", ""), &phc.replace("argon2id", "scrypt")]
        {
            assert!(!verify("password", broken), "{broken}");
        }
    }

    #[test]
    fn memory_is_used_again() {
        let ids = MockIds::default();
        for _ in 0..4 {
            hash("x", &ids).unwrap();
        }
        // Other tests hash at the same time, each in a room of its own.
        let rooms = ROOMS.lock().unwrap().len();
        assert!((1..=3).contains(&rooms), "{rooms}");
    }
}
