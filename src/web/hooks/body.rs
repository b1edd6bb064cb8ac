//! Reading a delivery's body: how large, how long, and how much of all of them at once.
//!
//! Who sends it is known only at its end (WhatsApp), so until then it is a stranger's: a few slow strangers must cost
//! little memory, and must not keep the ordinary small deliveries out.

use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use futures_util::StreamExt as _;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::{bare, later};

/// How long a body may take to arrive. A channel gives up on a delivery in less.
const WAIT: Duration = Duration::from_secs(15);
/// Bodies that one hook reads at once.
const BODIES_MAX: usize = 1024;
/// What each of them may hold without asking. A delivery of one message is about one KiB.
const FREE_BYTES: usize = 32 * 1024;
/// What all of them may hold beyond that, in KiB.
const SHARED_KIB: usize = 32 * 1024;

/// Why a body was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// Its length, told or counted, is above the most.
    TooLarge,
    /// The connection broke.
    Broken,
    /// It did not arrive in time.
    Slow,
    /// Too many others are being read.
    Busy,
}

impl Refused {
    const fn as_str(self) -> &'static str {
        match self {
            Self::TooLarge => "too large",
            Self::Broken => "broken",
            Self::Slow => "slow",
            Self::Busy => "busy",
        }
    }

    /// The answer, counted.
    pub fn answer(self, channel: &'static str) -> Response {
        metrics::counter!("safar_bodies_refused_total", "channel" => channel, "why" => self.as_str())
            .increment(1);
        match self {
            Self::TooLarge => bare(StatusCode::PAYLOAD_TOO_LARGE),
            Self::Broken => bare(StatusCode::BAD_REQUEST),
            Self::Slow => bare(StatusCode::REQUEST_TIMEOUT),
            Self::Busy => later(),
        }
    }
}

/// The bodies of one hook.
#[derive(Debug)]
pub(in crate::web) struct Bodies {
    /// Longest body, in bytes.
    max: usize,
    at_once: Semaphore,
    shared_kib: Semaphore,
}

impl Bodies {
    pub fn new(max: usize) -> Self {
        Self { max, at_once: Semaphore::new(BODIES_MAX), shared_kib: Semaphore::new(SHARED_KIB) }
    }

    /// The whole body; `seen` gets each part of it as it arrives.
    ///
    /// # Errors
    /// [`Refused`], as early as it is known.
    pub(super) async fn read(
        &self,
        headers: &HeaderMap,
        body: Body,
        seen: impl FnMut(&[u8]),
    ) -> Result<Bytes, Refused> {
        let length = headers.get(header::CONTENT_LENGTH);
        let length = length.and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
        if length.is_some_and(|length| length > self.max) {
            return Err(Refused::TooLarge);
        }
        let _place = self.at_once.try_acquire().map_err(|_| Refused::Busy)?;
        match tokio::time::timeout(WAIT, self.collect(length, body, seen)).await {
            Ok(read) => read,
            Err(_) => Err(Refused::Slow),
        }
    }

    async fn collect(
        &self,
        length: Option<usize>,
        body: Body,
        mut seen: impl FnMut(&[u8]),
    ) -> Result<Bytes, Refused> {
        let mut parts = body.into_data_stream();
        let mut whole = Vec::new();
        let mut shared: Option<SemaphorePermit<'_>> = None;
        while let Some(part) = parts.next().await {
            let part = part.map_err(|_| Refused::Broken)?;
            if whole.len() + part.len() > self.max {
                return Err(Refused::TooLarge);
            }
            seen(&part);
            if length == Some(part.len()) {
                // The rule: it is all there, and needs no copy.
                return Ok(part);
            }
            self.make_room(&mut whole, part.len(), &mut shared)?;
            whole.extend_from_slice(&part);
        }
        Ok(whole.into())
    }

    /// Room for `more` bytes, from what all share where it is more than each may have.
    fn make_room<'a>(
        &'a self,
        whole: &mut Vec<u8>,
        more: usize,
        shared: &mut Option<SemaphorePermit<'a>>,
    ) -> Result<(), Refused> {
        let needed = whole.len() + more;
        if needed <= whole.capacity() {
            return Ok(());
        }
        let capacity = needed.max(2 * whole.capacity()).max(4 * 1024).min(self.max);
        let kib = capacity.saturating_sub(FREE_BYTES).div_ceil(1024);
        let held = shared.as_ref().map_or(0, SemaphorePermit::num_permits);
        let missing = u32::try_from(kib.saturating_sub(held)).map_err(|_| Refused::TooLarge)?;
        if missing > 0 {
            let permit = self.shared_kib.try_acquire_many(missing).map_err(|_| Refused::Busy)?;
            match shared {
                Some(held) => held.merge(permit),
                None => *shared = Some(permit),
            }
        }
        whole.reserve_exact(capacity - whole.len());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use futures_util::{FutureExt as _, stream};
    use tokio::time::Instant;

    use super::*;

    fn parts(parts: Vec<Vec<u8>>) -> Body {
        Body::from_stream(stream::iter(parts.into_iter().map(Ok::<_, std::io::Error>)))
    }

    /// Some bytes, and then nothing for ever.
    fn slow(bytes: usize) -> Body {
        let first = stream::iter([Ok::<_, std::io::Error>(vec![b'a'; bytes])]);
        Body::from_stream(first.chain(stream::pending()))
    }

    fn length(bytes: usize) -> HeaderMap {
        HeaderMap::from_iter([(header::CONTENT_LENGTH, HeaderValue::from(bytes))])
    }

    #[tokio::test]
    async fn a_body_is_whole_and_its_parts_are_seen_in_order() {
        let bodies = Bodies::new(1 << 20);
        let all: Vec<u8> = (0..700_000_u32).map(|n| (n % 251) as u8).collect();
        for size in [1_000, 65_536, 700_000] {
            for headers in [HeaderMap::new(), length(all.len())] {
                let mut seen = Vec::new();
                let body = parts(all.chunks(size).map(<[u8]>::to_vec).collect());
                let read = bodies.read(&headers, body, |part| seen.extend_from_slice(part)).await;
                assert_eq!(read.as_deref(), Ok(&all[..]));
                assert_eq!(seen, all);
            }
        }
        assert_eq!(bodies.shared_kib.available_permits(), SHARED_KIB);
    }

    #[tokio::test]
    async fn a_body_above_the_most_is_refused_by_its_length_and_by_counting() {
        let bodies = Bodies::new(100);
        let read = bodies.read(&length(101), slow(0), |_| {}).await;
        assert_eq!(read, Err(Refused::TooLarge));
        let read = bodies.read(&HeaderMap::new(), parts(vec![vec![0; 60], vec![0; 41]]), |_| {}).await;
        assert_eq!(read, Err(Refused::TooLarge));
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_body_is_given_up() {
        let bodies = Bodies::new(1 << 20);
        let begin = Instant::now();
        assert_eq!(bodies.read(&length(1_000), slow(10), |_| {}).await, Err(Refused::Slow));
        assert_eq!(begin.elapsed(), WAIT);
    }

    #[tokio::test(start_paused = true)]
    async fn slow_bodies_hold_little_together_and_keep_no_small_one_out() {
        const LARGE: usize = 4 << 20;
        let bodies = Bodies::new(LARGE);
        let mut open = Vec::new();
        let mut refused = 0;
        for _ in 0..100 {
            let headers = length(LARGE);
            let bodies = &bodies;
            let mut read = Box::pin(async move { bodies.read(&headers, slow(LARGE - 10), |_| {}).await });
            match (&mut read).now_or_never() {
                Some(read) => {
                    assert_eq!(read, Err(Refused::Busy));
                    refused += 1;
                }
                None => open.push(read),
            }
        }
        assert_eq!((open.len(), refused), (8, 92), "eight times four MiB, and not a hundred");
        let small = parts(vec![vec![b'a'; 900], vec![b'b'; 100]]);
        assert_eq!(bodies.read(&length(1_000), small, |_| {}).await.map(|read| read.len()), Ok(1_000));
        drop(open);
        // Many that say little: as many as there are places.
        let headers = length(1_000);
        let mut open: Vec<_> =
            (0..BODIES_MAX).map(|_| Box::pin(bodies.read(&headers, slow(10), |_| {}))).collect();
        for read in &mut open {
            assert_eq!(read.now_or_never(), None);
        }
        assert_eq!(bodies.read(&headers, slow(10), |_| {}).now_or_never(), Some(Err(Refused::Busy)));
        // Their time is over: the place is free.
        tokio::time::advance(WAIT).await;
        assert_eq!(open.pop().map(|read| read.now_or_never()), Some(Some(Err(Refused::Slow))));
        let small = parts(vec![vec![b'a'; 1_000]]);
        assert_eq!(bodies.read(&headers, small, |_| {}).await.map(|read| read.len()), Ok(1_000));
    }
}
