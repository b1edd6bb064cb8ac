//! Reads that many want at once are done once.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use tokio::sync::Mutex;

/// Whoever asks while a read is under way shares the next one: nobody gets what was read before they asked.
///
/// When a case is claimed, every open page loads anew at the same moment.
#[derive(Debug)]
pub(super) struct Together<T> {
    /// Reads begun so far.
    begun: AtomicU64,
    /// The last that ended, with its number.
    last: Mutex<Option<(u64, Arc<T>)>>,
}

impl<T> Default for Together<T> {
    fn default() -> Self {
        Self { begun: AtomicU64::new(0), last: Mutex::new(None) }
    }
}

impl<T> Together<T> {
    /// What was read since this was called; `read` runs only if nobody else's will do.
    pub async fn get<E>(&self, read: impl Future<Output = Result<T, E>>) -> Result<Arc<T>, E> {
        let before = self.begun.load(Ordering::SeqCst);
        let mut last = self.last.lock().await;
        if let Some((number, value)) = &*last
            && *number > before
        {
            return Ok(value.clone());
        }
        let number = self.begun.fetch_add(1, Ordering::SeqCst) + 1;
        let value = Arc::new(read.await?);
        *last = Some((number, value.clone()));
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use std::{convert::Infallible, sync::atomic::AtomicUsize};

    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn who_comes_during_a_read_shares_the_next() {
        let (together, reads) = (Together::default(), AtomicUsize::new(0));
        let read = || together.get(async { Ok::<_, Infallible>(reads.fetch_add(1, Ordering::SeqCst)) });
        let (go, gone) = oneshot::channel::<()>();
        let slow = together.get(async {
            gone.await.ok();
            Ok::<_, Infallible>(reads.fetch_add(1, Ordering::SeqCst))
        });
        let others = async {
            // They ask while the slow one reads.
            let asking = futures_util::future::join3(read(), read(), read());
            let opens = async { go.send(()).unwrap() };
            tokio::join!(asking, opens).0
        };
        let (slow, (a, b, c)) = tokio::join!(slow, others);
        assert_eq!(*slow.unwrap(), 0);
        assert_eq!(
            [*a.unwrap(), *b.unwrap(), *c.unwrap()],
            [1; 3],
            "one read for three, begun after they asked"
        );
        assert_eq!(*read().await.unwrap(), 2, "what is asked later is read later");
    }

    #[tokio::test]
    async fn a_read_that_fails_leaves_nothing() {
        let together = Together::<u8>::default();
        assert_eq!(together.get(async { Err("away") }).await, Err("away"));
        assert_eq!(together.get(async { Ok::<_, Infallible>(7) }).await.as_deref(), Ok(&7));
    }
}
