//! When a whole channel rests. Pure: the time comes in.

use std::time::Duration;

use tokio::time::Instant;

use super::retry::backoff;

/// A channel whose settings are wrong is probed this far apart.
const PROBE_EVERY: Duration = Duration::from_secs(60);

/// Rests of one channel.
#[derive(Debug, Default)]
pub struct Rest {
    until: Option<Instant>,
    /// Rests in a row that the API asked for without naming a time.
    throttles: i32,
    /// The settings were wrong: one call at a time, until one is answered in another way.
    probing: bool,
}

impl Rest {
    /// The API wants less of everything: `named` is its own word on how long, else 1, 2, 4 … seconds.
    pub fn throttled(&mut self, named: Option<Duration>, now: Instant) {
        if self.is_on(now) && named.is_none() {
            // Calls that were in flight when the first was told are told it, too: one step for all of them.
            return;
        }
        let wait = named.unwrap_or_else(|| {
            self.throttles = self.throttles.saturating_add(1);
            backoff(self.throttles - 1)
        });
        self.extend(now + wait);
    }

    /// A setting is wrong.
    pub fn misconfigured(&mut self, now: Instant) {
        self.probing = true;
        self.extend(now + PROBE_EVERY);
    }

    /// The API answered as one that works, perhaps by a refusal of this very message.
    pub fn answered(&mut self, now: Instant) {
        if std::mem::take(&mut self.probing) {
            self.until = None;
        }
        if !self.is_on(now) {
            self.throttles = 0;
        }
    }

    pub fn is_on(&self, now: Instant) -> bool {
        self.until.is_some_and(|until| now < until)
    }

    /// Whether another message may go while so many are in flight.
    pub fn lets_go(&self, now: Instant, in_flight: usize) -> bool {
        !self.is_on(now) && (!self.probing || in_flight == 0)
    }

    /// When the rest ends, if there is one.
    pub fn end(&self, now: Instant) -> Option<Instant> {
        self.until.filter(|until| now < *until)
    }

    fn extend(&mut self, until: Instant) {
        self.until = Some(self.until.map_or(until, |known| known.max(until)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn rests_in_a_row_grow_and_an_answer_ends_the_row() {
        let (mut rest, mut now) = (Rest::default(), Instant::now());
        for seconds in [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300] {
            rest.throttled(None, now);
            // The others in flight are told the same: no step for them.
            rest.throttled(None, now);
            assert_eq!(rest.end(now), Some(now + seconds * SECOND));
            assert!(!rest.lets_go(now, 0));
            now += seconds * SECOND;
            assert!(rest.lets_go(now, 100));
        }
        rest.answered(now);
        rest.throttled(None, now);
        assert_eq!(rest.end(now), Some(now + SECOND));
        // One that went before the rest says nothing of it.
        rest.answered(now);
        now += SECOND;
        rest.throttled(None, now);
        assert_eq!(rest.end(now), Some(now + 2 * SECOND));
        // What the API names counts, but never shortens a rest.
        rest.throttled(Some(7 * SECOND), now);
        rest.throttled(Some(SECOND), now);
        assert_eq!(rest.end(now), Some(now + 7 * SECOND));
    }

    #[test]
    fn wrong_settings_are_probed_by_one_message_a_minute() {
        let (mut rest, start) = (Rest::default(), Instant::now());
        rest.misconfigured(start);
        assert!(!rest.lets_go(start + 59 * SECOND, 0));
        let next = start + 60 * SECOND;
        assert!(rest.lets_go(next, 0) && !rest.lets_go(next, 1));
        rest.misconfigured(next);
        assert!(!rest.lets_go(next + 59 * SECOND, 0));
        let last = next + 60 * SECOND;
        rest.answered(last);
        assert!(rest.lets_go(last, 100));
    }
}
