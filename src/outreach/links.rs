//! The links that lead to the bot, with a code or without.

use std::fmt::Write as _;

/// How people get to the bot: what is set up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// The address by which the internet reaches the web chat, without a slash at its end.
    pub base: Option<String>,
    /// The bot's name on Telegram.
    pub bot: Option<Box<str>>,
    /// The number that people write to on WhatsApp, digits with the country code.
    pub whatsapp: Option<Box<str>>,
}

/// Links of one code; each only where its channel is set up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    /// The leaflet's page, which offers the channels.
    pub page: Option<String>,
    pub telegram: Option<String>,
    pub whatsapp: Option<String>,
    pub web: Option<String>,
}

impl Links {
    /// What links may lead to, as addresses and the command line call it.
    pub const TARGETS: [&'static str; 4] = ["page", "telegram", "whatsapp", "web"];

    pub fn get(&self, target: &str) -> Option<&str> {
        match target {
            "page" => self.page.as_deref(),
            "telegram" => self.telegram.as_deref(),
            "whatsapp" => self.whatsapp.as_deref(),
            "web" => self.web.as_deref(),
            _ => None,
        }
    }

    /// The one for print: the page that offers all channels; else a channel.
    pub fn best(&self) -> Option<&str> {
        Self::TARGETS.into_iter().find_map(|target| self.get(target))
    }
}

impl Reach {
    /// The links with a code, or without one. `greeting`: what stands ready to be sent on WhatsApp.
    pub fn links(&self, code: Option<&str>, greeting: &str) -> Links {
        let with = |plain: String, before: &str| match code {
            Some(code) => format!("{plain}{before}{code}"),
            None => plain,
        };
        let said = match code {
            Some(code) => format!("{greeting} #{code}"),
            None => greeting.to_owned(),
        };
        Links {
            page: self.base.as_ref().map(|base| with(format!("{base}/l"), "/")),
            telegram: self.bot.as_ref().map(|bot| with(format!("https://t.me/{bot}"), "?start=")),
            whatsapp: self
                .whatsapp
                .as_ref()
                .map(|number| format!("https://wa.me/{number}?text={}", escape(&said))),
            web: self.base.as_ref().map(|base| with(format!("{base}/"), "?s=")),
        }
    }
}

/// Percent-encodes all but what RFC 3986 calls unreserved.
fn escape(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_channel_that_is_set_up_has_its_link() {
        let reach = Reach {
            base: Some("https://bot.example.org".to_owned()),
            bot: Some("safar_bot".into()),
            whatsapp: Some("992900000000".into()),
        };
        let links = reach.links(Some("osh-1"), "Hi!");
        assert_eq!(links.page.as_deref(), Some("https://bot.example.org/l/osh-1"));
        assert_eq!(links.telegram.as_deref(), Some("https://t.me/safar_bot?start=osh-1"));
        assert_eq!(links.whatsapp.as_deref(), Some("https://wa.me/992900000000?text=Hi%21%20%23osh-1"));
        assert_eq!(links.web.as_deref(), Some("https://bot.example.org/?s=osh-1"));
        let bare = reach.links(None, "Hi!");
        assert_eq!(bare.telegram.as_deref(), Some("https://t.me/safar_bot"));
        assert_eq!(bare.whatsapp.as_deref(), Some("https://wa.me/992900000000?text=Hi%21"));
        assert_eq!(bare.web.as_deref(), Some("https://bot.example.org/"));
        assert_eq!(Reach::default().links(Some("osh-1"), "Hi!"), Links::default());
        assert_eq!(links.best(), links.get("page"));
    }
}
