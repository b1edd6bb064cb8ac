//! Letters to staff, by SMTP. Whatever a server answers may name its addressees, so errors tell only of what kind they
//! are.

use std::time::{Duration, UNIX_EPOCH};

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
};

/// One try: connect, greet, hand over.
const TIMEOUT: Duration = Duration::from_secs(20);

/// A setting with which no letter can be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unusable(&'static str);

/// A letter was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct MailError {
    pub kind: &'static str,
    /// Another try would end the same way.
    pub is_final: bool,
}

/// Plain text to one person. `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    pub to: String,
    pub subject: String,
    pub body: String,
    /// Unix milliseconds.
    pub at_ms: i64,
    /// Names the letter in its `Message-ID`: a second try is the same letter.
    pub id: i64,
}

impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Letter({})", self.id)
    }
}

/// A mail server that takes our letters.
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl std::fmt::Debug for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mailer")
    }
}

/// Whether a connection to this address is sealed, or stays on this machine: a password and a staff member's address
/// must not cross the network in the clear.
fn is_safe(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else { return false };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at_checked(end).unwrap_or((rest, ""));
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let query = tail.split_once('?').map_or("", |(_, query)| query);
    scheme == "smtps"
        || scheme == "smtp"
            && (query.split('&').find(|pair| pair.starts_with("tls=")) == Some("tls=required")
                || ["localhost", "127.0.0.1", "[::1]"].contains(&name))
}

impl Mailer {
    /// `url`: `smtps://user:password@host`, or `smtp://user:password@host:587?tls=required`. `from`: an address, or
    /// `Name <address>`.
    ///
    /// # Errors
    /// [`Unusable`], without the value: it holds a password.
    pub fn new(url: &str, from: &str) -> Result<Self, Unusable> {
        if !is_safe(url) {
            return Err(Unusable(
                "SAFAR_SMTP_URL must be smtps://user:password@host or smtp://user:password@host:587?tls=required",
            ));
        }
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|_| {
            Unusable("SAFAR_SMTP_URL cannot be read: is everything in the password percent-encoded?")
        })?;
        let from = from
            .parse()
            .map_err(|_| Unusable("SAFAR_MAIL_FROM must be an address, like Safar <safar@example.org>"))?;
        Ok(Self { transport: builder.timeout(Some(TIMEOUT)).build(), from })
    }

    /// Hands a letter over.
    ///
    /// # Errors
    /// [`MailError`].
    pub async fn send(&self, letter: &Letter) -> Result<(), MailError> {
        let unfit = |_| MailError { kind: "address", is_final: true };
        let to: Mailbox = letter.to.parse().map_err(unfit)?;
        let at = UNIX_EPOCH + Duration::from_millis(u64::try_from(letter.at_ms).unwrap_or(0));
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(letter.subject.as_str())
            .date(at)
            .message_id(Some(format!("<{}@{}>", letter.id, self.from.email.domain())))
            .header(ContentType::TEXT_PLAIN)
            .body(letter.body.clone())
            .map_err(|_| MailError { kind: "letter", is_final: true })?;
        self.transport.send(message).await.map(|_| ()).map_err(|error| told(&error))
    }

    /// Whether the server answers and takes our login. Sends nothing.
    ///
    /// # Errors
    /// [`MailError`].
    pub async fn probe(&self) -> Result<(), MailError> {
        match self.transport.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err(MailError { kind: "refused", is_final: false }),
            Err(error) => Err(told(&error)),
        }
    }
}

fn told(error: &lettre::transport::smtp::Error) -> MailError {
    let kind = if error.is_timeout() {
        "timeout"
    } else if error.is_tls() {
        "tls"
    } else if error.is_permanent() {
        "refused for good"
    } else if error.is_transient() {
        "refused for now"
    } else {
        "no connection"
    };
    MailError { kind, is_final: error.is_permanent() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_never_cross_the_network_in_the_clear() {
        for (url, safe) in [
            ("smtps://user:pass@mail.example.org", true),
            ("smtp://user:pass@mail.example.org:587?tls=required", true),
            ("smtp://user:pass@mail.example.org:587?tls=opportunistic", false),
            ("smtp://mail.example.org?tls=opportunistic&tls=required", false),
            ("smtp://user:pass@mail.example.org:587", false),
            ("smtp://localhost:25", true),
            ("smtp://127.0.0.1:2525", true),
            ("smtp://[::1]:2525", true),
            ("smtp://localhost@mail.example.org", false),
            ("http://127.0.0.1", false),
            ("127.0.0.1", false),
        ] {
            assert_eq!(is_safe(url), safe, "{url}");
            assert_eq!(Mailer::new(url, "safar@example.org").is_ok(), safe, "{url}");
        }
        assert!(Mailer::new("smtp://localhost", "nobody").is_err());
    }

    #[test]
    fn a_letter_shows_nothing_in_logs() {
        let letter =
            Letter { to: "a@example.org".into(), subject: "s".into(), body: "b".into(), at_ms: 0, id: 7 };
        assert_eq!(format!("{letter:?}"), "Letter(7)");
    }
}
