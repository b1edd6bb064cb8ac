//! Campaigns: the register's pages, links, QR codes and posters, and the leaflet's page.

mod leaflet;
mod pages;
mod walk;

use safar::outreach::{Campaign, Outreach};

use crate::{
    store::backend::Fresh,
    support::{
        app::{Options, TestApp},
        whatsapp::Wa,
    },
};

pub const BASE: &str = "http://bot.example.org";

/// The program with all channels set up.
pub async fn start(fresh: &Fresh) -> Wa {
    let options =
        Options { database_url: Some(fresh.url.clone()), public_url: Some(BASE), ..Options::default() };
    Wa::start_with(options).await
}

pub fn outreach(app: &TestApp) -> &Outreach {
    &app.app.jobs.outreach
}

pub async fn register(app: &TestApp, code: &str, until: Option<&str>) {
    let campaign = Campaign {
        code: code.to_owned(),
        kind: "poster".to_owned(),
        until: until.map(|day| safar::domain::parse_day(day).unwrap()),
        ..Campaign::default()
    };
    outreach(app).add(None, &campaign).await.unwrap().unwrap();
}
