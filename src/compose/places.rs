//! A help centre or hotline as it is shown.

use super::Composer;
use crate::{compose::format, content::Place, text::Args};

impl Composer<'_> {
    pub(super) fn place(&mut self, text: &mut String, place: &Place) {
        let id = format!("place-{}", place.id);
        let empty = Args::new();
        let name = self.content(&id, None, &empty);
        text.push('*');
        text.push_str(&name);
        text.push('*');
        for phone in &place.phones {
            text.push('\n');
            text.push_str("☎ ");
            text.push_str(phone);
        }
        if let Some(address) = &place.address {
            text.push('\n');
            text.push_str(address);
        }
        if let Some(site) = &place.site {
            text.push('\n');
            text.push_str(site);
        }
        if self.release.texts.has(crate::domain::Locale::REFERENCE, &id, Some("note")) {
            let note = self.content(&id, Some("note"), &empty);
            text.push('\n');
            text.push_str(&note);
        }
        let mut args = Args::new();
        let line = match (place.certain, place.confirmed) {
            (_, Some(day)) => {
                args.set("date", format::day(&self.release.interface, self.locale, day));
                "place-confirmed"
            }
            (true, None) => return,
            (false, None) => "place-unconfirmed",
        };
        args.set("seen", format::day(&self.release.interface, self.locale, place.reviewed));
        let line = self.interface(line, &args);
        text.push('\n');
        text.push_str(&line);
    }
}
