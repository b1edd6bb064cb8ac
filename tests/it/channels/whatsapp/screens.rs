//! Every screen of the content, as it is sent: within the API's limits, which stand here apart from our own.

use safar::{
    channels::whatsapp::{LIMITS, render},
    compose::compose,
    domain::{Address, ChannelKind, Locale, OutboxId, parse_day},
    engine::{self, Say, Screen},
};
use serde_json::Value;

use crate::{dialogs::embedded_release, support::whatsapp_limits::refusal};

#[test]
fn every_screen_fits_in_every_language_with_and_without_buttons() {
    let release = embedded_release();
    let today = parse_day("2026-11-24").unwrap();
    let to = Address::new(ChannelKind::WhatsApp, "+992900000001");
    let (mut screens, mut wrong) = (0, Vec::new());
    for node in release.nodes() {
        for locale in Locale::ALL {
            for back in [false, true] {
                let mut say = Say::new(Screen::Node(node.id.clone()), Some(locale));
                say.back = back;
                assert!(!engine::choices(&release, &say).system.is_empty(), "{}", node.id);
                let composed = compose(&release, &say, &LIMITS, today);
                for interactive in [true, false] {
                    let call = render(&to, &composed, Some(OutboxId(1)), interactive);
                    let body: Value = serde_json::from_slice(&call.body).unwrap();
                    screens += 1;
                    if let Some(why) = refusal(&body) {
                        wrong
                            .push(format!("{} {locale:?} back={back} buttons={interactive}: {why}", node.id));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {screens}:\n{}", wrong.len(), wrong.join("\n"));
}
