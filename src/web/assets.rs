//! Script, style and icon of the page, inside the binary.

use std::{
    hash::{DefaultHasher, Hasher as _},
    sync::{Arc, LazyLock},
};

use axum::{
    extract::{Path, RawQuery, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{chat::Chat, error::WebError};

struct Asset {
    name: &'static str,
    kind: &'static str,
    bytes: &'static [u8],
    /// Hash of the bytes, in hex: the same in every instance of one build.
    version: String,
}

const JS: &str = "text/javascript; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SVG: &str = "image/svg+xml";

static ASSETS: LazyLock<[Asset; 16]> = LazyLock::new(|| {
    [
        asset("chat.js", JS, include_bytes!("assets/chat.js")),
        asset("chat.css", CSS, include_bytes!("assets/chat.css")),
        asset("widget.js", JS, include_bytes!("assets/widget.js")),
        asset("staff.css", CSS, include_bytes!("assets/staff.css")),
        asset("desk.js", JS, include_bytes!("assets/desk.js")),
        asset("board.css", CSS, include_bytes!("assets/board.css")),
        asset("desk.css", CSS, include_bytes!("assets/desk.css")),
        asset("htmx.js", JS, include_bytes!("assets/vendor/htmx.min.js")),
        asset("sse.js", JS, include_bytes!("assets/vendor/hx-sse.min.js")),
        asset("leaflet.css", CSS, include_bytes!("assets/leaflet.css")),
        asset("poster.css", CSS, include_bytes!("assets/poster.css")),
        asset("poster-a4.css", CSS, include_bytes!("assets/poster-a4.css")),
        asset("poster-a5.css", CSS, include_bytes!("assets/poster-a5.css")),
        asset("studio.css", CSS, include_bytes!("assets/studio.css")),
        asset("studio-sets.css", CSS, include_bytes!("assets/studio-sets.css")),
        asset("icon.svg", SVG, include_bytes!("assets/icon.svg")),
    ]
});

fn asset(name: &'static str, kind: &'static str, bytes: &'static [u8]) -> Asset {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    Asset { name, kind, bytes, version: format!("{:016x}", hasher.finish()) }
}

fn find(name: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.name == name)
}

/// What stands behind `?v=` in the page, so that a new build is fetched anew.
pub(super) fn version(name: &str) -> &'static str {
    find(name).map_or("", |asset| asset.version.as_str())
}

/// `GET /assets/{name}`. With the right `?v=` it is kept for a year, else for ten minutes.
pub(super) async fn show(
    State(_): State<Arc<Chat>>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let asset = find(&name).ok_or(WebError::NotFound)?;
    let tag = format!("\"{}\"", asset.version);
    let pinned = query.as_deref().and_then(|query| query.strip_prefix("v=")) == Some(asset.version.as_str());
    let caching = if pinned { "public, max-age=31536000, immutable" } else { "public, max-age=600" };
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let fresh =
        known.is_some_and(|known| known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag));
    let mut answer = if fresh {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, asset.kind)], asset.bytes).into_response()
    };
    let out = answer.headers_mut();
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        out.insert(header::ETAG, tag);
    }
    // The widget's script is loaded by other sites, those with a cross-origin embedder policy included.
    out.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("cross-origin"),
    );
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    #[test]
    fn vendored_scripts_are_as_they_were_published() {
        for (name, expected) in [
            ("htmx.js", "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130"),
            ("sse.js", "18ef2761356ec1fe0bb6d92612315b37517a7c1e9856b661c5ae81fef239d103"),
        ] {
            let bytes = find(name).unwrap().bytes;
            assert_eq!(crate::domain::hex(&Sha256::digest(bytes)), expected, "{name}: see vendor/README.md");
        }
    }
}
