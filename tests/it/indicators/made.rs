//! Random event files: every type, links, voids, late rows, erasures, head-counts, the same ids twice, all at close
//! quarters so that they meet.

use std::fmt::Write as _;

use safar::domain::Timestamp;

/// A small generator of numbers that follow a seed.
pub struct Dice(u64);

impl Dice {
    pub const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % end
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len() as u64) as usize]
    }

    fn often(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// 2025-12-28T00:00:00Z: some rows lie before the programme.
const FROM: i64 = 1_766_880_000_000;
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

const IDENTS: [&str; 9] = ["tg:1", "tg:2", "tg:3", "tg:4", "wa:1", "wa:2", "web:1", "reg:1", "reg:2"];
const NODES: [&str; 3] = ["home", "patent", "patent-get"];
const CODES: [&str; 5] = ["fb1", "ev1", "ev2", "zzz", "EV1"];

pub fn events(seed: u64) -> String {
    let mut dice = Dice::new(seed);
    let mut out = "seq,event_id,occurred_at,recorded_at,source,ident,type,attrs\n".to_owned();
    let rows = 10 + dice.below(110);
    // Some files are of many months, some of a few days in which everything is close.
    let days = [3, 20, 70, 260][dice.below(4) as usize];
    let start = FROM + i64::try_from(dice.below(60)).unwrap() * DAY;
    for seq in 1..=rows {
        // Coarse, so that instants are often the same.
        let at = start + i64::try_from(dice.below(days * 6)).unwrap() * 4 * HOUR;
        let lag = match dice.below(12) {
            0 => -10 * 60_000,
            1 => -10 * 60_000 - 1_000,
            2 => 30 * DAY,
            3 => 3 * DAY,
            4 => HOUR,
            _ => 0,
        };
        let recorded = if lag == 0 { String::new() } else { Timestamp(at + lag).to_iso() };
        let id = if dice.often(4) { 1 + dice.below(rows) } else { seq };
        let source = match dice.below(20) {
            0 => "sim",
            1..=4 => "field",
            _ => "bot",
        };
        let (kind, ident, attrs) = row(&mut dice, rows);
        writeln!(out, "{seq},e{id},{},{recorded},{source},{ident},{kind},{attrs}", Timestamp(at).to_iso())
            .unwrap();
    }
    out
}

fn row(dice: &mut Dice, rows: u64) -> (&'static str, &'static str, String) {
    let ident = dice.one(&IDENTS);
    let mut attrs: Vec<String> = Vec::new();
    let target = format!("target=e{}", 1 + dice.below(rows));
    let by = format!("by=u{}", 1 + dice.below(3));
    let kind = match dice.below(100) {
        0..12 => {
            for (key, often) in [("from", 50), ("node", 80)] {
                if dice.often(often) {
                    attrs.push(format!("{key}={}", dice.one(&NODES)));
                }
            }
            attrs.extend(dice.often(10).then(|| "case=opened".to_owned()));
            "contact"
        }
        12..32 => {
            attrs.push(format!("k={}", dice.one(&["how", "help", "both", "other"])));
            attrs.extend(dice.often(90).then(|| format!("node={}", dice.one(&NODES))));
            "content_view"
        }
        32..38 => dice.one(&["question", "quiz_done", "form_done"]),
        38..42 => dice.one(&["or_lead", "or_enrolled", "vt_sent"]),
        42..54 => {
            attrs.push(format!(
                "kind={}",
                dice.one(&["legal", "legal", "social", "access", "access", "employment"])
            ));
            attrs.push(format!(
                "result={}",
                dice.one(&["delivered", "delivered", "delivered", "no_show", "open"])
            ));
            attrs.push(format!("cc={}", dice.one(&["TJ", "KG"])));
            attrs.extend(dice.often(80).then(|| "centre=TJ-1".to_owned()));
            attrs.extend(dice.often(60).then(|| format!("fam=H{}", 1)));
            attrs.extend(dice.often(70).then(|| "vuln=1".to_owned()));
            "service"
        }
        54..59 => {
            attrs.push(format!("ref=r{}", dice.below(3)));
            dice.one(&["referral_made", "referral_confirmed"])
        }
        59..61 => dice.one(&["optout", "broadcast_delivered"]),
        61..68 => "profile",
        68..74 => {
            attrs.push(format!("other={}", dice.one(&IDENTS)));
            "link"
        }
        74..76 => {
            attrs.push(format!("kind={}", dice.one(&["test", "staff", "bot"])));
            "flag"
        }
        76..80 => return ("erase", ident, String::new()),
        80..88 => {
            attrs.push(format!(
                "activity={}",
                dice.one(&["session", "session", "session", "centre_new_clients", "leaflet"])
            ));
            attrs.push(by);
            for key in ["n_f", "n_m", "n_u"] {
                attrs.extend(dice.often(70).then(|| format!("{key}={}", dice.below(4))));
            }
            attrs.extend(dice.often(60).then(|| "covers=both".to_owned()));
            attrs.extend(dice.often(70).then(|| format!("c={}", dice.one(&CODES))));
            attrs.extend(dice.often(50).then(|| format!("cc={}", dice.one(&["TJ", "KG"]))));
            attrs.extend(dice.often(30).then(|| format!("aud={}", dice.one(&["migrant", "family"]))));
            attrs.extend(dice.often(30).then(|| format!("employers={}", dice.below(3))));
            return ("tally", "", attrs.join(";"));
        }
        88..95 => return ("approve", "", format!("{target};{by}")),
        _ => return ("void", "", target),
    };
    // Attributes may come along with anything that has an identity.
    let chance = if kind == "profile" { 60 } else { 12 };
    attrs.extend(dice.often(chance).then(|| format!("sex={}", dice.one(&["F", "F", "M", "U"]))));
    attrs.extend(dice.often(chance).then(|| {
        format!("aud={}", dice.one(&["migrant", "migrant", "employer", "employer", "family", "U"]))
    }));
    attrs.extend(dice.often(chance).then(|| format!("stay={}", dice.one(&["TJ", "RU", "U"]))));
    attrs.extend(dice.often(chance / 2).then(|| format!("emp={}", dice.one(&["E1", "E2"]))));
    attrs.extend(dice.often(25).then(|| format!("c={}", dice.one(&CODES))));
    (kind, ident, attrs.join(";"))
}
