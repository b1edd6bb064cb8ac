//! Where a request came from.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, request::Parts},
};

/// Where a request came from: for counting only, never stored in the clear.
pub struct Peer(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Peer {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        Ok(Self(address(peer, &parts.headers)))
    }
}

/// The peer; if that is a proxy of our own (this machine or its network), the last address that the proxy named.
///
/// Earlier ones of the header are what the sender claims. Of IPv6 the first 64 bits count: a customer has them all.
fn address(peer: Option<IpAddr>, headers: &HeaderMap) -> String {
    let near = |ip: &IpAddr| match ip {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_private(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local(),
    };
    let named = || {
        let last = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
        last.rsplit(',').next()?.trim().parse::<IpAddr>().ok()
    };
    let ip = match peer {
        Some(peer) if near(&peer.to_canonical()) => named().or(Some(peer)),
        other => other,
    };
    match ip.map(|ip| ip.to_canonical()) {
        Some(IpAddr::V6(ip)) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}:")
        }
        Some(IpAddr::V4(ip)) => ip.to_string(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn only_a_proxy_of_ours_names_the_address() {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_static("1.1.1.1, 203.0.113.7"));
        let ip = |text: &str| Some(text.parse().unwrap());
        assert_eq!(address(ip("127.0.0.1"), &headers), "203.0.113.7");
        assert_eq!(address(ip("::ffff:10.0.0.2"), &headers), "203.0.113.7");
        assert_eq!(address(ip("198.51.100.4"), &headers), "198.51.100.4");
        assert_eq!(address(ip("2001:db8:1:2:3:4:5:6"), &headers), "2001:db8:1:2:");
        assert_eq!(address(ip("127.0.0.1"), &HeaderMap::new()), "127.0.0.1");
        assert_eq!(address(None, &headers), "");
    }
}
