//! Opens of a leaflet's page, counted in memory and written now and then: a flood of them costs the database nothing.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use crate::{domain::Day, store::link_opens::LinkOpens};

/// What a process counted and has not written yet.
#[derive(Default)]
pub struct Opens(Mutex<BTreeMap<(String, Day), i64>>);

impl Opens {
    pub fn count(&self, code: &str, day: Day) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *waiting.entry((code.to_owned(), day)).or_insert(0) += 1;
    }

    pub fn take(&self) -> Vec<LinkOpens> {
        let waiting = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let row =
            |((code, day), opens): ((String, Day), i64)| LinkOpens { code, day: day.to_string(), opens };
        waiting.into_iter().map(row).collect()
    }

    /// Takes back what could not be written.
    pub fn give_back(&self, rows: Vec<LinkOpens>) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for row in rows {
            if let Some(day) = crate::domain::parse_day(&row.day) {
                *waiting.entry((row.code, day)).or_insert(0) += row.opens;
            }
        }
    }
}

/// Pieces of the names by which previewers, crawlers and scripts call themselves, in small letters.
const ROBOTS: [&str; 18] = [
    "bot",
    "crawl",
    "spider",
    "preview",
    "whatsapp",
    "facebookexternalhit",
    "facebookcatalog",
    "vkshare",
    "viber",
    "skypeuripreview",
    "embedly",
    "mail.ru",
    "headlesschrome",
    "curl/",
    "wget/",
    "python-",
    "go-http-client",
    "okhttp",
];

/// Whether a page was fetched by a program for itself, not by a person: it says so in its name (`User-Agent`), or that it
/// only fetches ahead (`Sec-Purpose`, `Purpose`, `X-Moz`).
pub fn is_robot(agent: Option<&str>, purposes: &[&str]) -> bool {
    let agent = agent.unwrap_or_default().to_ascii_lowercase();
    let ahead = |purpose: &&str| {
        let purpose = purpose.to_ascii_lowercase();
        purpose.contains("prefetch") || purpose.contains("prerender") || purpose.contains("preview")
    };
    agent.trim().is_empty() || ROBOTS.iter().any(|robot| agent.contains(robot)) || purposes.iter().any(ahead)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::parse_day;

    #[test]
    fn what_could_not_be_written_is_not_lost() {
        let opens = Opens::default();
        let day = parse_day("2026-05-01").unwrap();
        opens.count("osh", day);
        let rows = opens.take();
        opens.count("osh", day);
        opens.count("", day);
        opens.give_back(rows);
        let counted: Vec<(String, i64)> = opens.take().into_iter().map(|row| (row.code, row.opens)).collect();
        assert_eq!(counted, [(String::new(), 1), ("osh".to_owned(), 2)]);
        assert!(opens.take().is_empty());
    }

    #[test]
    fn programs_are_told_from_people() {
        for agent in [
            "TelegramBot (like TwitterBot)",
            "WhatsApp/2.23.20.0 A",
            "facebookexternalhit/1.1",
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "Mozilla/5.0 (compatible; vkShare; +http://vk.com/dev/Share)",
            "curl/8.5.0",
            "",
        ] {
            assert!(is_robot(Some(agent), &[]), "{agent}");
        }
        let phone =
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/127.0.0.0 Mobile Safari/537.36";
        assert!(!is_robot(Some(phone), &[]));
        assert!(is_robot(Some(phone), &["prefetch;prerender"]) && is_robot(None, &[]));
    }
}
