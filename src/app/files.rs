//! The channels as jobs fetch files from them.

use crate::{
    channels::{telegram::Bot, whatsapp::Account},
    jobs::{Fetch, Fetched},
};

pub(super) struct Telegram(pub Bot);

impl Fetch for Telegram {
    fn fetch<'a>(&'a self, remote: &'a str) -> Fetched<'a> {
        Box::pin(self.0.file(remote))
    }
}

pub(super) struct WhatsApp(pub Account);

impl Fetch for WhatsApp {
    fn fetch<'a>(&'a self, remote: &'a str) -> Fetched<'a> {
        Box::pin(self.0.file(remote))
    }
}
