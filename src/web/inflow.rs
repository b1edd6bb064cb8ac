//! Files on their way in: how fast they must come, and how much memory they may take.
//!
//! Memory is counted as bytes arrive, so a body that only trickles holds next to nothing, and it is ended after half a
//! minute. One visitor sends one file at a time; one network address holds at most half of the memory, so that whoever
//! comes from elsewhere always gets in. Files of staff have memory of their own, of which one account holds at most half.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::body::{Body, Bytes};
use futures_util::StreamExt as _;
use tokio::time::{Instant, timeout_at};

use super::error::{RETRY_AFTER_S, WebError};
use crate::domain::{FILE_MAX_BYTES, StaffId};

/// How long a file may take, however steadily it comes: 4 MB over a line of 40 kbit/s.
const FILE_WAIT: Duration = Duration::from_secs(900);
/// So long a body may stand still, at its start or later.
const PATIENCE: Duration = Duration::from_secs(30);
/// Slower than that, averaged over [`PATIENCE`], is no line that brings a file: GPRS has 20 kbit/s at its worst.
const SLOWEST_BYTES_S: u32 = 2 << 10;
/// Bytes of files in memory that are not committed yet. The turn seals a copy, so twice of it at most.
const BYTES_MAX: usize = 4 * FILE_MAX_BYTES;
/// The share of one network address, or of one account of staff.
const ADDRESS_BYTES_MAX: usize = 2 * FILE_MAX_BYTES;

/// What is on its way.
#[derive(Debug, Default)]
pub struct Inflow(Mutex<Held>);

#[derive(Debug, Default)]
struct Held {
    bytes: usize,
    by_address: HashMap<Box<[u8]>, usize>,
    visitors: HashSet<Box<str>>,
}

/// A file on its way; what it holds is free again when this is dropped.
#[derive(Debug)]
pub struct Place {
    inflow: Arc<Inflow>,
    /// Whose only file it is: a visitor's.
    visitor: Option<Box<str>>,
    address: Box<[u8]>,
    bytes: usize,
}

const BUSY: WebError = WebError::Busy { retry_after_s: RETRY_AFTER_S };

impl Inflow {
    /// A place for a visitor's file; `address`: a key of where they are.
    ///
    /// # Errors
    /// [`WebError::Busy`] while another file of theirs is on its way.
    pub fn enter(self: &Arc<Self>, visitor: &str, address: &[u8]) -> Result<Place, WebError> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !held.visitors.insert(visitor.into()) {
            return Err(BUSY);
        }
        Ok(Place { inflow: self.clone(), visitor: Some(visitor.into()), address: address.into(), bytes: 0 })
    }

    /// A place for a file of staff: a form that was sent twice comes twice, and each is answered.
    pub fn enter_staff(self: &Arc<Self>, staff: StaffId) -> Place {
        let address = staff.0.to_be_bytes().into();
        Place { inflow: self.clone(), visitor: None, address, bytes: 0 }
    }
}

impl Place {
    /// Room for what arrived.
    ///
    /// # Errors
    /// [`WebError::Busy`] where there is none now.
    pub fn grow(&mut self, bytes: usize) -> Result<(), WebError> {
        let mut held = self.inflow.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = held.by_address.get(&self.address).copied().unwrap_or(0);
        if held.bytes + bytes > BYTES_MAX || own + bytes > ADDRESS_BYTES_MAX {
            return Err(BUSY);
        }
        held.bytes += bytes;
        held.by_address.insert(self.address.clone(), own + bytes);
        self.bytes += bytes;
        Ok(())
    }

    /// Reads a body to its end.
    ///
    /// # Errors
    /// [`WebError::FileSlow`], [`WebError::FileTooLong`], [`WebError::Busy`] where there is no room for it now.
    pub async fn read(&mut self, body: Body) -> Result<Bytes, WebError> {
        let mut pieces = body.into_data_stream();
        let mut pace = Pace::from(Instant::now());
        let mut bytes = Vec::new();
        while let Some(piece) =
            timeout_at(pace.until(), pieces.next()).await.map_err(|_| WebError::FileSlow)?
        {
            let piece = piece.map_err(|_| WebError::FileSlow)?;
            if bytes.len() + piece.len() > FILE_MAX_BYTES {
                return Err(WebError::FileTooLong);
            }
            self.grow(piece.len())?;
            // Copied: a piece may hold on to a larger buffer than itself.
            bytes.extend_from_slice(&piece);
            pace.came(piece.len(), Instant::now());
        }
        Ok(bytes.into())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut held = self.inflow.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(visitor) = &self.visitor {
            held.visitors.remove(visitor);
        }
        held.bytes -= self.bytes;
        let left = held.by_address.get(&self.address).copied().unwrap_or(0).saturating_sub(self.bytes);
        if left == 0 {
            held.by_address.remove(&self.address);
        } else {
            held.by_address.insert(self.address.clone(), left);
        }
    }
}

/// Until when more must have come: each byte earns its time at the slowest pace, up to [`PATIENCE`] ahead.
pub struct Pace {
    due: Instant,
    end: Instant,
}

impl Pace {
    pub fn from(start: Instant) -> Self {
        Self { due: start + PATIENCE, end: start + FILE_WAIT }
    }

    pub fn until(&self) -> Instant {
        self.due.min(self.end)
    }

    pub fn came(&mut self, bytes: usize, now: Instant) {
        let earned = Duration::from_secs(u64::try_from(bytes).unwrap_or(u64::MAX)) / SLOWEST_BYTES_S;
        self.due = (self.due + earned).min(now + PATIENCE);
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use futures_util::stream;

    use super::*;

    /// A body of pieces of `size` bytes, one every `pause`; time is tokio's own, which stands still but for the pauses.
    fn body(size: usize, pause: Duration, pieces: usize) -> Body {
        Body::from_stream(stream::unfold(0, move |n| async move {
            if n == pieces {
                return None;
            }
            tokio::time::sleep(pause).await;
            Some((Ok::<_, Infallible>(vec![7_u8; size]), n + 1))
        }))
    }

    async fn seconds(size: usize, pause_ms: u64, pieces: usize) -> (Result<usize, WebError>, u64) {
        let inflow = Arc::new(Inflow::default());
        let start = Instant::now();
        let mut place = inflow.enter("a", b"1").unwrap();
        let read = place.read(body(size, Duration::from_millis(pause_ms), pieces)).await;
        (read.map(|bytes| bytes.len()), start.elapsed().as_secs())
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_trickles_is_ended_and_a_poor_line_passes() {
        // One byte in 15 s: the finding.
        assert_eq!(seconds(1, 15_000, 1_000).await, (Err(WebError::FileSlow), 30));
        assert_eq!(seconds(1, 3_600_000, 1).await, (Err(WebError::FileSlow), 30));
        // 20 kbit/s, in pieces of a packet: 1 MB in seven minutes.
        let (read, took) = seconds(1_400, 560, 749).await;
        assert_eq!(read, Ok(1_400 * 749));
        assert!((400..450).contains(&took), "{took}");
        // A hole of 25 s in a line that was good so far.
        assert_eq!(seconds(100_000, 25_000, 4).await.0, Ok(400_000));
        // As slow as that, with a start as good as one likes, it ends; and so does the steadiest after a quarter of an hour.
        assert_eq!(seconds(20_000, 12_000, 200).await.0, Err(WebError::FileSlow));
        let (read, took) = seconds(4_096, 1_000, 5_000).await;
        assert_eq!((read, took), (Err(WebError::FileSlow), 900));
    }

    #[tokio::test(start_paused = true)]
    async fn a_visitor_sends_one_file_at_a_time_and_an_address_holds_half() {
        let inflow = Arc::new(Inflow::default());
        let whole = || body(FILE_MAX_BYTES, Duration::ZERO, 1);
        let mut first = inflow.enter("a", b"1").unwrap();
        assert_eq!(inflow.enter("a", b"2").err(), Some(BUSY), "the same visitor");
        assert!(first.read(whole()).await.is_ok());
        let mut second = inflow.enter("b", b"1").unwrap();
        assert!(second.read(whole()).await.is_ok());
        let mut third = inflow.enter("c", b"1").unwrap();
        assert_eq!(
            third.read(body(1, Duration::ZERO, 1)).await.err(),
            Some(BUSY),
            "its address has its share"
        );
        let mut elsewhere = inflow.enter("d", b"2").unwrap();
        assert!(elsewhere.read(whole()).await.is_ok());
        let mut also = inflow.enter("e", b"3").unwrap();
        assert!(also.read(whole()).await.is_ok());
        let mut late = inflow.enter("f", b"4").unwrap();
        assert_eq!(late.read(body(1, Duration::ZERO, 1)).await.err(), Some(BUSY), "memory is full");
        drop(first);
        assert!(late.read(whole()).await.is_ok());
        drop((second, third, elsewhere, also, late));
        let held = inflow.0.lock().unwrap();
        assert!(held.bytes == 0 && held.by_address.is_empty() && held.visitors.is_empty());
    }

    #[test]
    fn an_account_of_staff_holds_half_and_may_send_twice() {
        let inflow = Arc::new(Inflow::default());
        let (ann, bek) = (StaffId(1), StaffId(2));
        let (mut first, mut again) = (inflow.enter_staff(ann), inflow.enter_staff(ann));
        assert_eq!(first.grow(FILE_MAX_BYTES), Ok(()));
        assert_eq!(again.grow(FILE_MAX_BYTES), Ok(()));
        assert_eq!(inflow.enter_staff(ann).grow(1), Err(BUSY), "ann has her share");
        assert_eq!(inflow.enter_staff(bek).grow(1), Ok(()));
        drop(first);
        assert_eq!(again.grow(FILE_MAX_BYTES), Ok(()));
        drop(again);
        let held = inflow.0.lock().unwrap();
        assert!(held.bytes == 0 && held.by_address.is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn a_file_that_is_too_long_is_told_from_a_slow_one() {
        assert_eq!(seconds(FILE_MAX_BYTES + 1, 0, 1).await.0, Err(WebError::FileTooLong));
        assert_eq!(seconds(FILE_MAX_BYTES, 0, 1).await.0, Ok(FILE_MAX_BYTES));
    }
}
