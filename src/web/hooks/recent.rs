//! Keys taken in by this process a moment ago.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

/// Keys of one generation; two are kept.
const GENERATION_MAX: usize = 16_384;

/// A bounded memory of keys: the last ones are surely known, those before them are forgotten by and by.
#[derive(Default)]
pub(in crate::web) struct Recent(Mutex<Generations>);

#[derive(Default)]
struct Generations {
    young: HashSet<Box<str>>,
    old: HashSet<Box<str>>,
}

impl Recent {
    /// Notes a key; whether it was new to this memory.
    pub(in crate::web) fn note(&self, key: &str) -> bool {
        // Keys alone: a panic elsewhere leaves nothing half-done in here.
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.young.contains(key) || kept.old.contains(key) {
            return false;
        }
        if kept.young.len() >= GENERATION_MAX {
            kept.old = std::mem::take(&mut kept.young);
        }
        kept.young.insert(key.into());
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_keys_are_known_and_the_memory_is_bounded() {
        let recent = Recent::default();
        assert!(recent.note("first"));
        assert!(!recent.note("first"));
        for n in 0..3 * GENERATION_MAX {
            assert!(recent.note(&n.to_string()));
            assert!(!recent.note(&n.to_string()));
        }
        assert!(!recent.note(&(2 * GENERATION_MAX).to_string()), "the last are known");
        assert!(recent.note("first"), "the first was forgotten");
        let kept = recent.0.lock().unwrap_or_else(PoisonError::into_inner);
        assert!(kept.young.len() + kept.old.len() <= 2 * GENERATION_MAX);
    }
}
