//! The one constructor of HTTP clients.

use std::time::Duration;

use super::SendError;

/// Time to open a connection, TLS included.
const CONNECT: Duration = Duration::from_secs(5);

/// Default time for a whole call. Long polling sets its own, longer one a call.
pub const TOTAL: Duration = Duration::from_secs(17);

/// An idle connection is closed by us before the other side does it (Telegram: about 60 s),
/// so that no call is written into a connection that is just closing.
const IDLE: Duration = Duration::from_secs(45);

/// A client with kept-alive connections; cheap to clone, all clones share one pool. `total` bounds each call.
///
/// It follows no redirects: an API that redirects is not the API that was configured.
///
/// # Errors
/// [`SendError::Misconfigured`] if TLS or the proxy of the environment cannot be set up.
#[expect(clippy::disallowed_methods, reason = "the one home of HTTP clients")]
pub fn client(total: Duration) -> Result<reqwest::Client, SendError> {
    reqwest::Client::builder()
        .user_agent(concat!("safar/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT)
        .timeout(total)
        .pool_idle_timeout(IDLE)
        .tcp_nodelay(true)
        .tcp_keepalive(Duration::from_secs(30))
        // With HTTP/2 all calls share one connection: a dead one must be noticed before each call times out.
        .http2_keep_alive_interval(Duration::from_secs(20))
        .http2_keep_alive_timeout(Duration::from_secs(5))
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(|_| SendError::Misconfigured { key: "http" })
}
