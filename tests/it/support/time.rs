//! Time that passes at once.

use std::time::Duration;

/// Lets a while pass for all timers of this test. Only in a runtime of one thread, as `#[tokio::test]` has it.
pub async fn pass(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}
