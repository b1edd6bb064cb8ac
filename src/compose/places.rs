//! A help centre or hotline as it is shown.

use std::fmt::Write;

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
            text.push_str("\n📍 ");
            text.push_str(address);
            text.push('\n');
            text.push_str(&map_search(place.city.as_deref(), address));
        }
        if let Some(site) = &place.site {
            text.push('\n');
            text.push_str(site);
        }
        if !place.languages.is_empty() {
            let names: Vec<String> = place
                .languages
                .iter()
                .map(|language| self.interface(&format!("language-{language}"), &empty).into_owned())
                .collect();
            let mut args = Args::new();
            args.set("list", names.join(", "));
            let line = self.interface("place-languages", &args);
            text.push('\n');
            text.push_str(&line);
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
            (false, None) => match place.reviewed {
                Some(date) => {
                    args.set("seen", format::rough(&self.release.interface, self.locale, date));
                    "place-unconfirmed"
                }
                None => "place-undated",
            },
        };
        let line = self.interface(line, &args);
        text.push('\n');
        text.push_str(&line);
    }
}

/// Opens the search of a map: no coordinates of ours that could be wrong.
const MAP_SEARCH: &str = "https://yandex.ru/maps/?text=";
/// Percent-encoded, because WhatsApp and plain text end a link at the first other character.
fn map_search(city: Option<&str>, address: &str) -> String {
    let mut link = String::from(MAP_SEARCH);
    let city = city.filter(|city| !address.contains(*city)).unwrap_or_default();
    let words = [city, address].into_iter().flat_map(|part| part.split([' ', ',', '\u{a0}']));
    let words = words.filter(|word| !word.is_empty() && !is_street_type(word));
    for (place, word) in words.enumerate() {
        if place > 0 {
            link.push('+');
        }
        encode(word, &mut link);
    }
    link
}

/// "St.": two small letters at most and a full stop. A map finds the place as well without it, and in a link a Cyrillic
/// letter takes six characters.
fn is_street_type(word: &str) -> bool {
    word.strip_suffix('.')
        .is_some_and(|word| word.chars().count() <= 2 && word.chars().all(char::is_lowercase))
}

/// Percent-encoding of all but the unreserved characters (RFC 3986 §2.3).
fn encode(text: &str, out: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_is_searched_by_city_and_address() {
        let link = map_search(Some("Уфа"), "ул. Мира, 5");
        assert_eq!(link, "https://yandex.ru/maps/?text=%D0%A3%D1%84%D0%B0+%D0%9C%D0%B8%D1%80%D0%B0+5");
        assert_eq!(map_search(Some("Уфа"), "Уфа, 5"), "https://yandex.ru/maps/?text=%D0%A3%D1%84%D0%B0+5");
        assert_eq!(map_search(None, "Б. b. pl., 7, bld. 1"), "https://yandex.ru/maps/?text=%D0%91.+7+bld.+1");
        let odd = map_search(None, "a*b&c#d+e _~");
        assert_eq!(odd, "https://yandex.ru/maps/?text=a%2Ab%26c%23d%2Be+_~");
    }
}
