//! Files that people sent (channels.md §3.5: an id gives a URL for five minutes, the URL the file).

use reqwest::{Url, header};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::Account;
use crate::{
    channels::files,
    domain::{Unfetched, hex},
};

#[derive(Deserialize)]
struct Found {
    url: Option<String>,
    /// In hex.
    sha256: Option<String>,
    file_size: Option<u64>,
}

impl Account {
    /// The bytes of a file.
    ///
    /// # Errors
    /// As [`Unfetched`] says.
    pub async fn file(&self, id: &str) -> Result<Vec<u8>, Unfetched> {
        // The id becomes part of an address that gets our token.
        if id.is_empty() || !id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') {
            return Err(Unfetched::Gone);
        }
        let answer = self.manage(id, None).await.map_err(files::of_error)?;
        let found: Found = serde_json::from_value(answer).map_err(|_| Unfetched::Later { after: None })?;
        if found.file_size.is_some_and(files::is_too_long) {
            return Err(Unfetched::TooLarge);
        }
        let url = found.url.as_deref().and_then(|url| allowed(&self.base, url)).ok_or(Unfetched::Gone)?;
        let request = self.client.get(url).header(header::AUTHORIZATION, self.bearer.clone());
        let bytes = files::read(request).await?;
        match found.sha256 {
            // A sum of another form is none that we could compare.
            Some(sum) if sum.len() == 64 && !sum.eq_ignore_ascii_case(&hex(&Sha256::digest(&bytes))) => {
                Err(Unfetched::Later { after: None })
            }
            _ => Ok(bytes),
        }
    }
}

/// Where our token may go: to the API itself, or by TLS to a name. Never to a bare address: that would be a machine
/// of the net that we stand in.
fn allowed(api: &Url, url: &str) -> Option<Url> {
    let url = Url::parse(url).ok()?;
    let is_api = url.origin() == api.origin();
    let is_name = url.domain().is_some_and(|name| name.contains('.') && !name.ends_with('.'));
    let is_plain = url.username().is_empty() && url.password().is_none();
    (is_plain && (is_api || (url.scheme() == "https" && is_name))).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::{Url, allowed};

    #[test]
    fn the_token_goes_to_the_api_or_by_tls() {
        let api = Url::parse("http://127.0.0.1:8080/v25.0/").unwrap();
        for url in ["http://127.0.0.1:8080/media/1?ext=2", "https://lookaside.fbsbx.com/whatsapp?mid=1"] {
            assert!(allowed(&api, url).is_some(), "{url}");
        }
        for url in [
            "http://lookaside.fbsbx.com/a",
            "http://127.0.0.1:8081/a",
            "https://127.0.0.1:8080/a",
            "https://169.254.169.254/latest",
            "https://[::1]/a",
            "https://localhost/a",
            "https://a:b@lookaside.fbsbx.com/a",
            "file:///etc/passwd",
            "/a",
            "",
        ] {
            assert!(allowed(&api, url).is_none(), "{url}");
        }
    }
}
