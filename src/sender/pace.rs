//! Token buckets for notices (channels.md §8). Answers to a person never wait here. Pure: the time comes in.

use std::{collections::HashMap, time::Duration};

use tokio::time::Instant;

use crate::domain::ContactId;

/// How fast notices may go on a channel.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Messages a second over all contacts.
    pub per_second: u32,
    /// One message to a contact in this time …
    pub per_contact: Duration,
    /// … after so many at once.
    pub burst: u32,
}

/// Contacts remembered before full buckets are forgotten.
const REMEMBERED: usize = 4096;

#[derive(Clone, Copy, Debug)]
struct Bucket {
    tokens: f64,
    at: Instant,
}

impl Bucket {
    /// Takes a token, or says how long until there is one.
    fn wait(&mut self, now: Instant, per_second: f64, most: f64) -> Duration {
        let grown = now.saturating_duration_since(self.at).as_secs_f64() * per_second;
        self.tokens = (self.tokens + grown).min(most);
        self.at = now;
        if self.tokens >= 1.0 {
            Duration::ZERO
        } else {
            Duration::from_secs_f64((1.0 - self.tokens) / per_second)
        }
    }
}

/// The buckets of one channel.
#[derive(Debug)]
pub struct Buckets {
    pace: Pace,
    all: Option<Bucket>,
    contacts: HashMap<ContactId, Bucket>,
}

impl Buckets {
    pub fn new(pace: Pace) -> Self {
        Self { pace, all: None, contacts: HashMap::new() }
    }

    /// Takes a message's place in both buckets, or says how long it has to wait; then nothing is taken.
    pub fn take(&mut self, contact: ContactId, now: Instant) -> Result<(), Duration> {
        let per_second = f64::from(self.pace.per_second);
        let all = self.all.get_or_insert(Bucket { tokens: per_second, at: now });
        let of_all = all.wait(now, per_second, per_second);
        let (rate, burst) = (1.0 / self.pace.per_contact.as_secs_f64(), f64::from(self.pace.burst));
        if self.contacts.len() >= REMEMBERED {
            self.contacts
                .retain(|_, bucket| !bucket.wait(now, rate, burst).is_zero() || bucket.tokens < burst);
        }
        let own = self.contacts.entry(contact).or_insert(Bucket { tokens: burst, at: now });
        let of_contact = own.wait(now, rate, burst);
        let wait = of_all.max(of_contact);
        if wait > Duration::ZERO {
            return Err(wait);
        }
        all.tokens -= 1.0;
        own.tokens -= 1.0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHATSAPP: Pace = Pace { per_second: 70, per_contact: Duration::from_secs(6), burst: 3 };

    #[test]
    fn a_contact_gets_a_burst_and_then_one_in_six_seconds() {
        let (mut buckets, start) = (Buckets::new(WHATSAPP), Instant::now());
        for _ in 0..3 {
            assert_eq!(buckets.take(ContactId(1), start), Ok(()));
        }
        let wait = buckets.take(ContactId(1), start).unwrap_err();
        assert!(wait > Duration::from_millis(5990) && wait <= Duration::from_secs(6), "{wait:?}");
        assert_eq!(buckets.take(ContactId(2), start), Ok(()));
        assert_eq!(buckets.take(ContactId(1), start + Duration::from_millis(6001)), Ok(()));
        assert!(buckets.take(ContactId(1), start + Duration::from_millis(6001)).is_err());
    }

    #[test]
    fn all_together_keep_the_numbers_rate() {
        let (mut buckets, start) = (Buckets::new(WHATSAPP), Instant::now());
        let sent = (0..200).filter(|n| buckets.take(ContactId(*n), start).is_ok()).count();
        assert_eq!(sent, 70);
        let later = start + Duration::from_millis(500);
        let sent = (1000..1200).filter(|n| buckets.take(ContactId(*n), later).is_ok()).count();
        assert_eq!(sent, 35);
    }
}
