//! The definitions of indicators.md §1, written down once more, as slowly and plainly as can be: all rows are looked
//! at again for each cell. It shares no code with what it judges but the reading of the configuration.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, NaiveDate};
use safar::indicators::file::Config;

#[derive(Clone)]
struct Row {
    seq: i64,
    id: String,
    at: i64,
    recorded: i64,
    source: String,
    ident: String,
    kind: String,
    attrs: BTreeMap<String, String>,
}

impl Row {
    fn get(&self, key: &str) -> &str {
        self.attrs.get(key).map_or("", String::as_str)
    }

    fn is_touch(&self) -> bool {
        match self.kind.as_str() {
            "service" => self.get("result") == "delivered",
            kind => [
                "contact",
                "content_view",
                "question",
                "quiz_done",
                "form_done",
                "or_lead",
                "or_enrolled",
                "vt_sent",
            ]
            .contains(&kind),
        }
    }

    fn order(&self) -> (i64, i64, i64) {
        (self.at, self.recorded, self.seq)
    }
}

fn read(text: &str) -> Vec<Row> {
    let mut rows: Vec<Row> = text
        .lines()
        .skip(1)
        .map(|line| {
            let f: Vec<&str> = line.splitn(8, ',').collect();
            let at = DateTime::parse_from_rfc3339(f[2]).unwrap().timestamp_millis();
            let recorded = if f[3].is_empty() {
                at
            } else {
                DateTime::parse_from_rfc3339(f[3]).unwrap().timestamp_millis()
            };
            let pairs = f[7].split(';').filter_map(|pair| pair.split_once('='));
            Row {
                seq: f[0].parse().unwrap(),
                id: f[1].into(),
                at,
                recorded,
                source: f[4].into(),
                ident: f[5].into(),
                kind: f[6].into(),
                attrs: pairs
                    .map(|(k, v)| (k.to_owned(), if k == "c" { v.to_lowercase() } else { v.to_owned() }))
                    .collect(),
            }
        })
        .collect();
    rows.sort_by_key(|row| (row.recorded, row.seq));
    rows
}

/// The state after all rows up to an instant: persons as groups of rows, erased persons as they were, field rows.
struct State {
    alive: Vec<Vec<Row>>,
    erased: Vec<Vec<Row>>,
    field: Vec<Row>,
}

fn groups(rows: &[Row]) -> Vec<(BTreeSet<String>, Vec<Row>)> {
    let mut groups: Vec<BTreeSet<String>> = Vec::new();
    let mut join = |names: Vec<String>| {
        let (mut touched, rest): (Vec<_>, Vec<_>) =
            groups.drain(..).partition(|group| names.iter().any(|name| group.contains(name)));
        let mut one: BTreeSet<String> = names.into_iter().collect();
        for group in &mut touched {
            one.append(group);
        }
        groups = rest;
        groups.push(one);
    };
    for row in rows.iter().filter(|row| !row.ident.is_empty()) {
        if row.kind == "link" {
            join(vec![row.ident.clone(), row.get("other").to_owned()]);
        } else {
            join(vec![row.ident.clone()]);
        }
    }
    groups
        .into_iter()
        .map(|names| {
            let own = rows.iter().filter(|row| names.contains(&row.ident)).cloned().collect();
            (names, own)
        })
        .collect()
}

fn state(rows: &[Row], until: i64) -> State {
    let mut ids = BTreeSet::new();
    let mut here: Vec<Row> = Vec::new();
    let mut gone: BTreeSet<String> = BTreeSet::new();
    let mut erased = Vec::new();
    let live = |here: &[Row], gone: &BTreeSet<String>| -> Vec<Row> {
        here.iter().filter(|row| !gone.contains(&row.id)).cloned().collect()
    };
    for row in rows.iter().filter(|row| row.recorded <= until && row.source != "sim") {
        if !ids.insert(row.id.clone()) || row.at - row.recorded > 600_000 {
            continue;
        }
        match row.kind.as_str() {
            "void" => {
                let target = here.iter().find(|other| other.id == row.get("target"));
                if target.is_some_and(|target| target.kind != "void" && target.kind != "erase") {
                    gone.insert(row.get("target").to_owned());
                }
            }
            "erase" => {
                let found =
                    groups(&live(&here, &gone)).into_iter().find(|(names, _)| names.contains(&row.ident));
                if let Some((names, own)) = found {
                    erased.push(own);
                    here.retain(|other| !names.contains(&other.ident));
                } else {
                    here.retain(|other| other.ident != row.ident);
                }
                // What remains of it is a tick without a name.
                here.push(Row { ident: String::new(), ..row.clone() });
                continue;
            }
            _ => {}
        }
        here.push(row.clone());
    }
    let here = live(&here, &gone);
    let alive = groups(&here).into_iter().map(|(_, own)| own).collect();
    let field = here.into_iter().filter(|row| row.kind == "tally" || row.kind == "approve").collect();
    State { alive, erased, field }
}

struct Rules<'a>(&'a Config);

impl Rules<'_> {
    fn day(&self, at: i64) -> Option<NaiveDate> {
        let shifted = at + i64::from(self.0.rules.offset_minutes) * 60_000;
        let day = DateTime::from_timestamp_millis(shifted).unwrap().date_naive();
        (day >= self.0.rules.start && day <= self.0.rules.end).then_some(day)
    }

    fn window(&self, name: &str) -> (NaiveDate, NaiveDate) {
        let day = |y, m| NaiveDate::from_ymd_opt(y, m, 1).unwrap();
        if name == "programme" {
            return (self.0.rules.start, self.0.rules.end);
        }
        let (year, part) = name.split_once('-').unwrap();
        let year: i32 = year.parse().unwrap();
        let (first, months) = match part.strip_prefix('Q') {
            Some(quarter) => ((quarter.parse::<u32>().unwrap() - 1) * 3 + 1, 3),
            None => (part.parse().unwrap(), 1),
        };
        let after = first + months;
        let end = if after > 12 { day(year + 1, after - 12) } else { day(year, after) };
        (day(year, first), end.pred_opt().unwrap())
    }

    fn label(&self, code: &str) -> String {
        match code {
            "" => "direct".into(),
            code if self.0.rules.campaigns.contains(code) => code.into(),
            _ => "unregistered".into(),
        }
    }
}

fn trait_of(rows: &[Row], key: &str) -> String {
    let mut sorted: Vec<&Row> = rows.iter().filter(|row| row.attrs.contains_key(key)).collect();
    sorted.sort_by_key(|row| row.order());
    sorted.last().map_or("U".into(), |row| row.get(key).to_owned())
}

fn is_excluded(rows: &[Row]) -> bool {
    rows.iter().any(|row| row.kind == "flag")
}

/// Touches inside the programme, in order.
fn touches(rules: &Rules<'_>, rows: &[Row]) -> Vec<Row> {
    let mut touches: Vec<Row> =
        rows.iter().filter(|row| row.is_touch() && rules.day(row.at).is_some()).cloned().collect();
    touches.sort_by_key(Row::order);
    touches
}

/// The contributing rows of an indicator, and which of them qualifies.
fn qualified(rules: &Rules<'_>, rows: &[Row], indicator: &str) -> Option<(Vec<Row>, Row)> {
    if is_excluded(rows) {
        return None;
    }
    let all = touches(rules, rows);
    let served = |row: &Row| row.kind == "service";
    let contributes = |row: &&Row| match indicator {
        "R1" => true,
        "R2" => served(row) || ["how", "help", "both"].contains(&row.get("k")),
        "R3" => row.source == "bot",
        "S1" => served(row) && !row.get("centre").is_empty(),
        "S2" => served(row) && row.get("kind") == "legal",
        "O1" => row.kind == "or_lead",
        "O2" => row.kind == "or_enrolled",
        "O3" => row.kind == "vt_sent",
        "E1" => true,
        _ => false,
    };
    let all: Vec<Row> = all.iter().filter(contributes).cloned().collect();
    let enough = |some: &[Row]| match indicator {
        "R2" => {
            some.iter().any(|row| served(row) || ["how", "both"].contains(&row.get("k")))
                && some.iter().any(|row| served(row) || ["help", "both"].contains(&row.get("k")))
        }
        "R3" => {
            some.iter()
                .any(|row| ["question", "quiz_done", "form_done", "or_lead"].contains(&row.kind.as_str()))
                || some.iter().map(|row| rules.day(row.at)).collect::<BTreeSet<_>>().len() > 1
        }
        _ => true,
    };
    let fits = match indicator {
        "S1" => trait_of(rows, "aud") == "migrant",
        "S2" => trait_of(rows, "sex") == "F",
        "E1" => trait_of(rows, "aud") == "employer" && ["U", ""].contains(&trait_of(rows, "emp").as_str()),
        _ => true,
    };
    let q = (0..all.len()).find(|n| enough(&all[..=*n])).filter(|_| fits)?;
    let q = all[q].clone();
    Some((all, q))
}

fn dimension(rules: &Rules<'_>, rows: &[Row], q: &Row, name: &str) -> String {
    match name {
        "" => String::new(),
        "sex" | "stay" => trait_of(rows, name),
        "audience" => trait_of(rows, "aud"),
        "channel" => match q.ident.split_once(':').unwrap().0 {
            "reg" => "centre".into(),
            other => other.into(),
        },
        "first_touch" => rules.label(touches(rules, rows)[0].get("c")),
        "last_touch" => {
            let mut before = touches(rules, rows).into_iter().filter(|row| row.order() <= q.order());
            let last = before.rfind(|row| !row.get("c").is_empty());
            let last =
                last.filter(|row| q.at - row.at <= i64::from(rules.0.rules.lookback_days) * 86_400_000);
            rules.label(last.as_ref().map_or("", |row| row.get("c")))
        }
        "cc" => {
            if q.get("cc").is_empty() {
                "U".into()
            } else {
                q.get("cc").into()
            }
        }
        _ => panic!("{name}"),
    }
}

fn counts_in(days: &[NaiveDate], q: NaiveDate, (from, to): (NaiveDate, NaiveDate), measure: &str) -> bool {
    match measure {
        "new" => q >= from && q <= to,
        "active" => q <= to && days.iter().any(|day| *day >= from && *day <= to),
        _ => q <= to,
    }
}

/// Sessions and the like that count, in order.
fn approved(rules: &Rules<'_>, field: &[Row]) -> Vec<Row> {
    let mut found: Vec<Row> = field
        .iter()
        .filter(|tally| tally.kind == "tally" && rules.day(tally.at).is_some())
        .filter(|tally| {
            field.iter().any(|row| {
                row.kind == "approve"
                    && row.get("target") == tally.id
                    && (row.recorded, row.seq) > (tally.recorded, tally.seq)
                    && row.get("by") != tally.get("by")
            })
        })
        .cloned()
        .collect();
    found.sort_by_key(Row::order);
    found
}

fn feeds(tally: &Row, indicator: &str) -> bool {
    match (tally.get("activity"), indicator) {
        ("session", "R1") => true,
        ("session", "R2") => tally.get("covers") == "both",
        ("centre_new_clients", "R1" | "R2" | "S1") => true,
        _ => false,
    }
}

fn number(row: &Row, key: &str) -> i64 {
    row.get(key).parse().unwrap_or(0)
}

/// Net heads (F, M, U) of each counted entry that feeds an indicator.
fn heads(rules: &Rules<'_>, state: &State, indicator: &str) -> Vec<(Row, [i64; 3])> {
    let mut found: Vec<(Row, [i64; 3])> = approved(rules, &state.field)
        .into_iter()
        .filter(|tally| feeds(tally, indicator))
        .map(|tally| {
            let n = [number(&tally, "n_f"), number(&tally, "n_m"), number(&tally, "n_u")];
            (tally, n)
        })
        .collect();
    for sex in ["F", "M", "U"] {
        for person in state.alive.iter().chain(&state.erased) {
            if qualified(rules, person, indicator).is_none() || trait_of(person, "sex") != sex {
                continue;
            }
            let all = touches(rules, person);
            let codes: BTreeSet<&str> =
                all.iter().map(|row| row.get("c")).filter(|code| !code.is_empty()).collect();
            for code in codes {
                let first = rules.day(all.iter().find(|row| row.get("c") == code).unwrap().at).unwrap();
                let session = found.iter_mut().find(|(tally, _)| {
                    let days = (first - rules.day(tally.at).unwrap()).num_days();
                    tally.get("activity") == "session"
                        && tally.get("c") == code
                        && (0..=i64::from(rules.0.rules.overlap_days)).contains(&days)
                });
                let Some((_, n)) = session else { continue };
                let own = ["F", "M", "U"].iter().position(|name| *name == sex).unwrap();
                if let Some(cell) = [own, 2, 1, 0].into_iter().find(|cell| n[*cell] > 0) {
                    n[cell] -= 1;
                }
            }
        }
    }
    found
}

/// Days on which something was done for a unit record, by its key; first days decide.
fn units(rules: &Rules<'_>, state: &State, indicator: &str) -> BTreeMap<String, Vec<NaiveDate>> {
    let mut found: BTreeMap<String, Vec<NaiveDate>> = BTreeMap::new();
    for person in state.alive.iter().chain(&state.erased).filter(|person| !is_excluded(person)) {
        if indicator == "E1" {
            let employer = trait_of(person, "emp");
            if trait_of(person, "aud") == "employer" && employer != "U" {
                for row in touches(rules, person) {
                    found.entry(employer.clone()).or_default().push(rules.day(row.at).unwrap());
                }
            }
            continue;
        }
        for row in person {
            let Some(day) = rules.day(row.at) else { continue };
            let key = match (indicator, row.kind.as_str()) {
                ("S3", "service")
                    if row.get("result") == "delivered"
                        && row.get("kind") == "access"
                        && row.get("vuln") == "1" =>
                {
                    row.get("fam")
                }
                ("F1", "referral_made") | ("F2", "referral_confirmed") => row.get("ref"),
                _ => "",
            };
            if !key.is_empty() {
                found.entry(key.to_owned()).or_default().push(day);
            }
        }
    }
    if indicator == "F2" {
        let made = units(rules, state, "F1");
        found.retain(|key, _| made.contains_key(key));
    }
    found
}

#[derive(Default)]
struct Cell {
    persons: i64,
    erased: i64,
    tally: i64,
    sexes: Option<[i64; 3]>,
}

impl Cell {
    fn row(&self) -> Vec<String> {
        let mut row: Vec<String> =
            [self.persons + self.erased + self.tally, self.persons, self.erased, self.tally]
                .iter()
                .map(ToString::to_string)
                .collect();
        row.extend(
            self.sexes
                .map_or([String::new(), String::new(), String::new()], |sexes| sexes.map(|n| n.to_string())),
        );
        row
    }
}

fn cells(
    rules: &Rules<'_>,
    state: &State,
    indicator: &str,
    window: &str,
    measure: &str,
    by: &str,
) -> BTreeMap<String, Cell> {
    let mut found: BTreeMap<String, Cell> = BTreeMap::new();
    let span = rules.window(window);
    let sexed = !["E1", "S3", "F1", "F2", "EST"].contains(&indicator) && by.is_empty();
    let mut add = |value: String, grade: usize, n: i64, sexes: [i64; 3]| {
        let cell = found.entry(value).or_default();
        *[&mut cell.persons, &mut cell.erased, &mut cell.tally][grade] += n;
        if sexed {
            let all = cell.sexes.get_or_insert([0; 3]);
            (0..3).for_each(|sex| all[sex] += sexes[sex]);
        }
    };
    for (grade, people) in [&state.alive, &state.erased].into_iter().enumerate() {
        for person in people {
            let Some((all, q)) = qualified(rules, person, indicator) else { continue };
            let days: Vec<NaiveDate> = all.iter().filter_map(|row| rules.day(row.at)).collect();
            if counts_in(&days, rules.day(q.at).unwrap(), span, measure) {
                let sex = trait_of(person, "sex");
                let sexes = ["F", "M", "U"].map(|name| i64::from(name == sex));
                add(dimension(rules, person, &q, by), grade, 1, sexes);
            }
        }
    }
    for (tally, n) in heads(rules, state, indicator) {
        let day = rules.day(tally.at).unwrap();
        let value = |key| if tally.get(key).is_empty() { "U".to_owned() } else { tally.get(key).to_owned() };
        let label = match by {
            "" => String::new(),
            "stay" | "cc" => value("cc"),
            "audience" => value("aud"),
            "channel" => "field".into(),
            "first_touch" | "last_touch" => rules.label(tally.get("c")),
            _ => panic!("{by}"),
        };
        if counts_in(&[day], day, span, measure) {
            add(label, 2, n.iter().sum(), n);
        }
    }
    if by.is_empty() {
        for (_, days) in units(rules, state, indicator) {
            if counts_in(&days, *days.iter().min().unwrap(), span, measure) {
                add(String::new(), 0, 1, [0; 3]);
            }
        }
        for tally in approved(rules, &state.field) {
            let day = rules.day(tally.at).unwrap();
            let n = match (indicator, tally.get("activity")) {
                ("E1", "session") => number(&tally, "employers"),
                ("EST", "leaflet" | "media") => {
                    number(&tally, "n_f") + number(&tally, "n_m") + number(&tally, "n_u")
                }
                _ => 0,
            };
            if n > 0 && counts_in(&[day], day, span, measure) {
                add(String::new(), 2, n, [0; 3]);
            }
        }
    }
    found.retain(|_, cell| cell.persons + cell.erased + cell.tally > 0);
    found
}

/// The `total` and `dimension` rows of the result by their first seven columns.
pub fn result(config: &Config, text: &str) -> BTreeMap<String, Vec<String>> {
    let rules = Rules(config);
    let rows = read(text);
    let mut result = BTreeMap::new();
    for snapshot in &config.snapshots {
        let state = state(&rows, snapshot.at.0);
        let as_of = &snapshot.name;
        for indicator in ["R1", "R2", "R3", "S1", "S2", "O1", "O2", "O3", "E1", "S3", "F1", "F2", "EST"] {
            for (window, _) in &config.windows {
                for measure in ["new", "active", "cum"] {
                    for cell in cells(&rules, &state, indicator, window, measure, "").into_values() {
                        result.insert(format!("{as_of},total,{indicator},{window},{measure},,"), cell.row());
                    }
                }
            }
        }
        let window = &config.dim_window.0;
        for (indicator, dimensions) in [
            ("R1", &["channel", "first_touch", "stay"][..]),
            ("R2", &["channel", "first_touch", "last_touch", "stay", "audience"]),
            ("S1", &["cc"]),
            ("S2", &["cc"]),
        ] {
            for by in dimensions {
                for (value, cell) in cells(&rules, &state, indicator, window, "cum", by) {
                    result.insert(
                        format!("{as_of},dimension,{indicator},{window},cum,{by},{value}"),
                        cell.row(),
                    );
                }
            }
        }
    }
    // A year's end must not matter.
    assert!(config.rules.start.year() >= 2000);
    result
}
