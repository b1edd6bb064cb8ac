//! Files that people sent (channels.md §2.8: `getFile`, then a download; at most 20 MB).

use reqwest::Url;
use serde::Deserialize;

use super::{Bot, wire::Str};
use crate::{
    channels::{Scope, SendError, files},
    domain::Unfetched,
};

#[derive(Deserialize)]
struct Found<'a> {
    file_size: Option<u64>,
    #[serde(borrow)]
    file_path: Option<Str<'a>>,
}

impl Bot {
    /// The bytes of a file.
    ///
    /// # Errors
    /// As [`Unfetched`] says.
    pub async fn file(&self, id: &str) -> Result<Vec<u8>, Unfetched> {
        let body = serde_json::json!({ "file_id": id }).to_string().into_bytes();
        let answer = self.exchange("getFile", body, None).await.map_err(files::of_error)?;
        let found =
            answer.read::<Found<'_>>(Scope::Bot).map_err(|why| files::of_error(SendError::from(why)))?;
        let found = found.ok_or(Unfetched::Later { after: None })?;
        if found.file_size.is_some_and(files::is_too_long) {
            return Err(Unfetched::TooLarge);
        }
        let path = found.file_path.as_ref().map(AsRef::as_ref).unwrap_or_default();
        let url = below(&self.files, path).ok_or(Unfetched::Gone)?;
        files::read(self.client.get(url)).await
    }
}

/// A path below an address; `None` for one that leads out of it.
fn below(base: &Url, path: &str) -> Option<Url> {
    let mut url = base.clone();
    let parts = path.split('/');
    if parts.clone().any(|part| matches!(part, "" | "." | "..") || part.contains(['\\', '%'])) {
        return None;
    }
    url.path_segments_mut().ok()?.pop_if_empty().extend(parts);
    Some(url)
}

#[cfg(test)]
mod tests {
    use super::{Url, below};

    #[test]
    fn a_path_stays_below_the_api() {
        let base = Url::parse("https://api.example/x/file/bot1:a/").unwrap();
        let found = |path| below(&base, path).map(|url| url.to_string());
        let whole = "https://api.example/x/file/bot1:a/photos/file_1.jpg";
        assert_eq!(found("photos/file_1.jpg").as_deref(), Some(whole));
        for path in ["", "/etc/passwd", "../bot1:a/getMe", "a/./b", "//evil.example/a", "a/%2e%2e/b", "a\\b"]
        {
            assert_eq!(found(path), None, "{path}");
        }
        let odd = "https://api.example/x/file/bot1:a/a%3Fb%23c";
        assert_eq!(found("a?b#c").as_deref(), Some(odd));
    }
}
