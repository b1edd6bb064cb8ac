//! The house's rules, read from the source text itself: layers, outside crates, file sizes, SQL, words for people,
//! a conversation for each tool. `ARCHITECTURE.md` shows the same table to readers.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// A module of the crate, and what it may name beyond the rows above its own.
struct Module {
    name: &'static str,
    /// Modules of its own row.
    also: &'static [&'static str],
    /// Modules of rows above that it may not name, all the same.
    never: &'static [&'static str],
}

const fn module(name: &'static str) -> Module {
    Module { name, also: &[], never: &[] }
}

impl Module {
    const fn also(self, also: &'static [&'static str]) -> Self {
        Self { also, ..self }
    }

    const fn never(self, never: &'static [&'static str]) -> Self {
        Self { never, ..self }
    }
}

/// Row by row from the ground up, in the order of `src/lib.rs`. A module may import from the rows before its own;
/// in its own row only what `also` names.
const LAYERS: &[&[Module]] = &[
    &[module("domain"), module("clock").also(&["domain"])],
    &[module("config"), module("indicators").never(&["clock"]), module("lang"), module("text")],
    &[module("content").never(&["clock", "config"])],
    // The check composes each message with the function that sends it, and asks the engine for the choices.
    &[
        module("check").also(&["engine", "compose"]).never(&["clock", "config"]),
        module("compose").also(&["engine"]).never(&["clock", "config"]),
        module("engine").never(&["clock", "config"]),
    ],
    // Channels take a composed message as plain data; none of these five imports another.
    &[
        module("bus"),
        module("channels").never(&["engine", "check"]),
        module("mail"),
        module("privacy"),
        module("store").never(&ABOVE_STORE),
    ],
    &[
        module("counting").never(&["channels"]),
        // What they tell of is counted in the transaction that writes it.
        module("desk").also(&["counting"]).never(&["channels"]),
        // A code that ties a chat to an account of staff is used up in the turn's transaction.
        module("dialog").also(&["counting", "desk"]).never(&["channels"]),
        // What is approved is counted in the same transaction; files and the trail are as at the desk.
        module("field").also(&["counting", "desk"]).never(&["channels"]),
        // A change of the register stands in the trail.
        module("outreach").also(&["desk"]).never(&["channels"]),
        module("release").never(&["channels"]),
        // Who made a file of a report is noted in the trail.
        module("report").also(&["counting", "desk"]).never(&["channels"]),
        // What it changes becomes a release, and stands in the trail.
        module("studio").also(&["desk", "release"]).never(&["channels"]),
    ],
    &[module("intake"), module("jobs").never(&["channels"]), module("sender")],
    // Handlers call services.
    &[module("web").never(&["store"])],
    &[module("app").also(&["telemetry"]), module("cli").also(&["app", "telemetry"]), module("telemetry")],
];

/// The store knows plain types only: no content, no conversation.
const ABOVE_STORE: [&str; 9] =
    ["clock", "config", "indicators", "lang", "text", "content", "check", "compose", "engine"];

/// Outside crates that have a home, and the files that may name them (a prefix of the path below `src/`).
const HOMES: &[(&str, &[&str])] = &[
    ("sqlx", &["store/"]),
    ("reqwest", &["channels/"]),
    ("lettre", &["mail.rs"]),
    ("subtle", &["channels/", "privacy/"]),
    ("argon2", &["privacy/password.rs"]),
    ("sha1", &["privacy/totp.rs"]),
    ("qrcode", &["web/", "outreach/qr.rs"]),
    ("png", &["outreach/qr.rs"]),
    ("serde_html_form", &["web/"]),
    ("axum", &["web/"]),
    ("askama", &["web/", "report/export/"]),
    ("rust_xlsxwriter", &["report/export/"]),
    ("quick_xml", &["report/export/"]),
    ("clap", &["cli/"]),
    ("anyhow", &["cli/", "app/"]),
    ("fluent_bundle", &["text/", "compose/format.rs", "check/"]),
    ("fluent_syntax", &["text/", "check/"]),
    ("unic_langid", &["text/", "check/"]),
    ("unicode_normalization", &["lang/"]),
    ("toml_edit", &["content/items/"]),
    ("similar", &["studio/words.rs"]),
    ("toml", &["config/", "indicators/", "lang/", "content/", "cli/record.rs"]),
    ("include_dir", &["content/"]),
    ("chacha20poly1305", &["privacy/"]),
    ("hmac", &["privacy/", "channels/whatsapp/signature.rs"]),
    ("getrandom", &["clock.rs"]),
    ("metrics_exporter_prometheus", &["telemetry.rs", "cli/serve.rs"]),
    ("tracing_subscriber", &["telemetry.rs"]),
];

/// What would make the lower four rows depend on the world. `clock` alone may.
const IMPURE: [&str; 9] = [
    "tokio",
    "tokio_util",
    "tracing",
    "metrics",
    "std::fs",
    "std::env",
    "std::process",
    "std::thread",
    "std::time",
];
const PURE_ROWS: usize = 4;

/// Most lines of one source file.
const LINES_MAX: usize = 500;
/// Files that may be longer, each with its reason. Empty, and meant to stay so.
const LONGER: &[(&str, &str)] = &[];

/// Files whose Rust may hold words or letters of our languages: the lexicon of dates and folding, the languages' own
/// names, the letters and currency words that the content check looks for.
const CYRILLIC: [&str; 4] = ["lang/", "domain/locale.rs", "check/alphabet.rs", "check/figures.rs"];

/// A source file, its text parted into code and strings.
struct Source {
    /// Path below `src/`, with forward slashes.
    path: String,
    lines: usize,
    /// Code without comments, string contents and test modules; the lines are where they were.
    code: String,
    /// Line and content of each string literal outside test modules.
    strings: Vec<(usize, String)>,
}

impl Source {
    /// First name of the path: the module of the crate.
    fn module(&self) -> &str {
        let first = self.path.split('/').next().unwrap_or_default();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// How deep the file's module lies in the crate; 0: the crate itself.
    fn depth(&self) -> usize {
        let parts = self.path.split('/').count();
        match self.path.rsplit('/').next() {
            Some("lib.rs" | "main.rs") => 0,
            Some("mod.rs") => parts - 1,
            _ => parts,
        }
    }

    fn line_at(&self, offset: usize) -> usize {
        line_at(&self.code, offset)
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files_under(dir: &Path, extension: &str, found: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    for path in entries.map(|entry| entry.path()) {
        if path.is_dir() {
            files_under(&path, extension, found);
        } else if path.extension().is_some_and(|given| given == extension) {
            found.push(path);
        }
    }
    found.sort();
}

fn sources() -> Vec<Source> {
    let src = root().join("src");
    let mut paths = Vec::new();
    files_under(&src, "rs", &mut paths);
    assert!(paths.len() > 50, "only {} source files found under {}", paths.len(), src.display());
    let texts: Vec<_> =
        paths.iter().map(|path| (path, fs::read_to_string(path).unwrap_or_default())).collect();
    let of_tests: Vec<PathBuf> = texts.iter().flat_map(|(path, text)| test_files(path, text)).collect();
    texts
        .iter()
        .filter(|(path, _)| !of_tests.contains(path))
        .map(|(path, text)| {
            let name = path.strip_prefix(&src).unwrap_or(path).to_string_lossy().replace('\\', "/");
            parted(&name, text)
        })
        .collect()
}

/// Files that a source file takes in for tests only, by `#[cfg(test)]` and `#[path]`.
fn test_files(path: &Path, text: &str) -> Vec<PathBuf> {
    text.split("#[cfg(test)]\n#[path = \"")
        .skip(1)
        .filter_map(|rest| Some(path.with_file_name(rest.split('"').next()?)))
        .collect()
}

fn parted(path: &str, text: &str) -> Source {
    let (code, strings) = lex(text);
    let tests = test_items(&code);
    let strings = strings
        .into_iter()
        .filter(|(at, _)| !tests.iter().any(|range| range.contains(at)))
        .map(|(at, content)| (line_at(&code, at), content))
        .collect();
    let mut bytes = code.into_bytes();
    for range in tests {
        for byte in bytes.get_mut(range).into_iter().flatten().filter(|byte| **byte != b'\n') {
            *byte = b' ';
        }
    }
    let code = String::from_utf8_lossy(&bytes).into_owned();
    Source { path: path.to_owned(), lines: text.lines().count(), code, strings }
}

fn line_at(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

/// Parts Rust text: code of the same length in bytes, with comments and string contents blanked, and the strings
/// with their offsets.
fn lex(text: &str) -> (String, Vec<(usize, String)>) {
    let bytes = text.as_bytes();
    let at = |i: usize| bytes.get(i).copied().unwrap_or(0);
    let mut code = bytes.to_vec();
    let mut strings = Vec::new();
    let mut i = 0;
    while i < bytes.len() {
        let inside_word = i > 0 && is_word(at(i - 1));
        let end = match at(i) {
            b'/' if at(i + 1) == b'/' => {
                i + bytes[i..].iter().position(|b| *b == b'\n').unwrap_or(bytes.len() - i)
            }
            b'/' if at(i + 1) == b'*' => block_comment_end(bytes, i),
            b'"' => {
                let end = plain_string_end(bytes, i);
                strings.push((i, text[i + 1..end - 1].to_owned()));
                end
            }
            b'r' | b'b' | b'c' if !inside_word => {
                let Some((start, stop, end)) = raw_string(bytes, i) else {
                    i += 1;
                    continue;
                };
                strings.push((i, text[start..stop].to_owned()));
                end
            }
            b'\'' => {
                let Some(end) = char_end(bytes, i) else {
                    i += 1;
                    continue;
                };
                end
            }
            _ => {
                i += 1;
                continue;
            }
        };
        for byte in code[i..end].iter_mut().filter(|byte| **byte != b'\n') {
            *byte = b' ';
        }
        i = end;
    }
    // Whole comments and literals were blanked, so what is left is whole characters.
    (String::from_utf8_lossy(&code).into_owned(), strings)
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

fn block_comment_end(bytes: &[u8], start: usize) -> usize {
    let mut depth = 0_usize;
    let mut i = start;
    while i < bytes.len() {
        match bytes.get(i..i + 2) {
            Some(b"/*") => (depth, i) = (depth + 1, i + 2),
            Some(b"*/") => (depth, i) = (depth - 1, i + 2),
            _ => i += 1,
        }
        if depth == 0 {
            return i;
        }
    }
    bytes.len()
}

fn plain_string_end(bytes: &[u8], start: usize) -> usize {
    let mut i = start + 1;
    while i < bytes.len() {
        match bytes[i] {
            b'\\' => i += 2,
            b'"' => return i + 1,
            _ => i += 1,
        }
    }
    bytes.len()
}

/// `r"…"`, `r#"…"#`, `br"…"`, `cr"…"`: start and end of the content, end of the literal.
fn raw_string(bytes: &[u8], start: usize) -> Option<(usize, usize, usize)> {
    let mut i = start;
    if bytes[i] != b'r' {
        i += 1;
    }
    if bytes.get(i) != Some(&b'r') {
        return None;
    }
    i += 1;
    let hashes = bytes[i..].iter().take_while(|byte| **byte == b'#').count();
    i += hashes;
    if bytes.get(i) != Some(&b'"') {
        return None;
    }
    let closing: Vec<u8> = std::iter::once(b'"').chain(std::iter::repeat_n(b'#', hashes)).collect();
    let length = bytes[i + 1..].windows(closing.len()).position(|window| window == closing)?;
    Some((i + 1, i + 1 + length, i + 1 + length + closing.len()))
}

/// End of a character literal; `None` for a lifetime.
fn char_end(bytes: &[u8], start: usize) -> Option<usize> {
    if bytes.get(start + 1) == Some(&b'\\') {
        let close = bytes[start + 3..].iter().position(|byte| *byte == b'\'')?;
        return Some(start + 3 + close + 1);
    }
    // A character has one to four bytes; a lifetime has no closing quote so near.
    let first = *bytes.get(start + 1)?;
    let length = match first {
        0..=0x7f => 1,
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        _ => 4,
    };
    (bytes.get(start + 1 + length) == Some(&b'\'')).then_some(start + length + 2)
}

/// Ranges of `#[cfg(test)]` items: to the closing brace, or to the semicolon.
fn test_items(code: &str) -> Vec<std::ops::Range<usize>> {
    const MARK: &str = "#[cfg(test)]";
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = code[from..].find(MARK).map(|at| from + at) {
        let mut depth = 0_usize;
        let mut end = code.len();
        for (at, byte) in code.bytes().enumerate().skip(start + MARK.len()) {
            match byte {
                b'{' => depth += 1,
                b'}' if depth == 1 => {
                    end = at + 1;
                    break;
                }
                b'}' => depth = depth.saturating_sub(1),
                b';' if depth == 0 => {
                    end = at + 1;
                    break;
                }
                _ => {}
            }
        }
        found.push(start..end);
        from = end;
    }
    found
}

/// Offsets at which `path` (a name, or names joined by `::`) is used as the start of a path.
fn uses_of(code: &str, path: &str) -> Vec<usize> {
    let bytes = code.as_bytes();
    code.match_indices(path)
        .filter(|(at, _)| {
            let before = code[..*at].trim_end();
            let starts = !at.checked_sub(1).is_some_and(|i| is_word(bytes[i]))
                && !before.ends_with("::")
                && !before.ends_with('.');
            let after = &code[at + path.len()..];
            // `tracing::info!(…)`, `use anyhow;`, `std::fs` in the middle of a longer path.
            let goes_on = after.trim_start().starts_with("::")
                || (before.ends_with("use") && !after.as_bytes().first().is_some_and(|b| is_word(*b)));
            starts
                && (goes_on
                    || (path.contains("::") && !after.as_bytes().first().is_some_and(|b| is_word(*b))))
        })
        .map(|(at, _)| at)
        .collect()
}

/// Modules named by `crate::…`, by offset; groups are opened: `crate::{a, b::c}` names `a` and `b`.
fn crate_paths(code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for at in uses_of(code, "crate") {
        let after = code[at + "crate".len()..].trim_start();
        let Some(rest) = after.strip_prefix("::") else { continue };
        let rest = rest.trim_start();
        let Some(group) = rest.strip_prefix('{') else {
            found.push((at, leading_name(rest)));
            continue;
        };
        let mut depth = 1;
        let mut expects = true;
        for (i, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 1 => expects = true,
                c if depth == 1 && expects && (c.is_alphabetic() || c == '_') => {
                    found.push((code.len() - group.len() + i, leading_name(&group[i..])));
                    expects = false;
                }
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
    }
    found
}

fn leading_name(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// Offsets of `super::super::…` that climb to the crate itself, past the modules of the table.
fn climbs_to_crate(code: &str, depth: usize) -> Vec<usize> {
    uses_of(code, "super")
        .into_iter()
        .filter(|at| {
            let mut rest = &code[*at..];
            let mut climbs = 0;
            while let Some(next) =
                rest.strip_prefix("super").map(str::trim_start).and_then(|r| r.strip_prefix("::"))
            {
                climbs += 1;
                rest = next.trim_start();
            }
            climbs >= depth
        })
        .collect()
}

fn row_of(module: &str) -> Option<(usize, &'static Module)> {
    LAYERS
        .iter()
        .enumerate()
        .find_map(|(row, modules)| Some((row, modules.iter().find(|m| m.name == module)?)))
}

/// Why `from` may not import `to`; `None`: it may.
fn forbidden(from: &str, to: &str) -> Option<&'static str> {
    if from == to {
        return None;
    }
    let Some((own, module)) = row_of(from) else { return Some("the importing module is in no layer") };
    let Some((other, _)) = row_of(to) else { return Some("is no module of the table") };
    if module.never.contains(&to) {
        return Some("is closed to it");
    }
    if other > own {
        return Some("lies in a later layer");
    }
    (other == own && !module.also.contains(&to)).then_some("lies in its own layer")
}

fn none(violations: &[String]) {
    assert!(violations.is_empty(), "{} violation(s):\n  {}", violations.len(), violations.join("\n  "));
}

#[test]
fn each_module_imports_only_from_the_layers_before_its_own() {
    let mut violations = Vec::new();
    let mut seen = BTreeSet::new();
    for source in sources() {
        if source.depth() == 0 {
            continue;
        }
        for (at, to) in crate_paths(&source.code) {
            // A macro of the crate, or `crate::Name`, is no module: the table answers that too.
            seen.insert((source.module().to_owned(), to.clone()));
            if let Some(why) = forbidden(source.module(), &to) {
                violations.push(format!("src/{}:{}: crate::{to} {why}", source.path, source.line_at(at)));
            }
        }
        for at in climbs_to_crate(&source.code, source.depth()) {
            let line = source.line_at(at);
            violations.push(format!("src/{}:{line}: write crate:: in place of this super::", source.path));
        }
    }
    none(&violations);
    // The reader reads: edges that are there for certain.
    for edge in [("dialog", "store"), ("check", "compose"), ("intake", "dialog"), ("cli", "app")] {
        assert!(
            seen.contains(&(edge.0.to_owned(), edge.1.to_owned())),
            "{edge:?} was not seen: the reader is broken"
        );
    }
}

#[test]
fn the_table_lists_the_modules_of_the_library() {
    let text = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let (code, _) = lex(&text);
    let listed: Vec<&str> =
        code.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    let table: Vec<&str> = LAYERS.iter().flat_map(|row| row.iter().map(|module| module.name)).collect();
    assert_eq!(listed, table, "src/lib.rs and the table differ in content or order");
    for module in LAYERS.iter().flat_map(|row| row.iter()) {
        let named = module.also.iter().chain(module.never);
        assert!(
            named.clone().all(|name| row_of(name).is_some()),
            "{}: {:?}",
            module.name,
            named.collect::<Vec<_>>()
        );
    }
}

#[test]
fn outside_crates_stay_in_their_homes() {
    let mut violations = Vec::new();
    for source in sources() {
        for (name, homes) in HOMES {
            let at_home = homes.iter().any(|home| {
                source.path.starts_with(home)
                    || home.strip_suffix('/').is_some_and(|m| source.path == format!("{m}.rs"))
            });
            if at_home {
                continue;
            }
            for at in uses_of(&source.code, name) {
                violations.push(format!(
                    "src/{}:{}: {name} has its home in {homes:?}",
                    source.path,
                    source.line_at(at)
                ));
            }
        }
    }
    none(&violations);
}

#[test]
fn the_lower_layers_touch_no_world() {
    let mut violations = Vec::new();
    for source in sources() {
        let pure =
            row_of(source.module()).is_some_and(|(row, module)| row < PURE_ROWS && module.name != "clock");
        if !pure {
            continue;
        }
        for name in IMPURE {
            for at in uses_of(&source.code, name) {
                violations.push(format!(
                    "src/{}:{}: {name} in a pure layer",
                    source.path,
                    source.line_at(at)
                ));
            }
        }
    }
    none(&violations);
}

#[test]
fn files_are_short() {
    let mut violations = Vec::new();
    for source in sources() {
        let excused = LONGER.iter().any(|(path, _)| *path == source.path);
        if excused && source.lines <= LINES_MAX {
            violations.push(format!("src/{}: is short now, take it off the list", source.path));
        } else if !excused && source.lines > LINES_MAX {
            violations.push(format!("src/{}: {} lines, at most {LINES_MAX}", source.path, source.lines));
        }
    }
    none(&violations);
}

/// Whether a string reads like a statement. Prose may say "update" too, so that needs its "set".
fn is_sql(text: &str) -> bool {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let starts = ["select ", "insert into ", "delete from ", "create table ", "alter table ", "drop table "];
    let holds = ["insert into ", "delete from "];
    starts.iter().any(|start| text.starts_with(start))
        || holds.iter().any(|part| text.contains(part))
        || (text.contains("select ") && text.contains(" from "))
        || (text.contains("update ") && text.contains(" set "))
}

#[test]
fn all_sql_stands_in_the_store() {
    let mut violations = Vec::new();
    let mut in_store = 0;
    for source in sources() {
        for (line, text) in source.strings.iter().filter(|(_, text)| is_sql(text)) {
            if source.module() == "store" {
                in_store += 1;
            } else {
                violations.push(format!("src/{}:{line}: SQL outside the store: {text}", source.path));
            }
        }
    }
    none(&violations);
    assert!(in_store > 20, "only {in_store} statements seen in the store: the reader is broken");
}

#[test]
fn words_for_people_stand_in_the_locales() {
    let mut violations = Vec::new();
    for source in sources() {
        if CYRILLIC.iter().any(|home| source.path.starts_with(home)) || source.path.ends_with("/tests.rs") {
            continue;
        }
        for (line, text) in &source.strings {
            if text.chars().any(|c| ('\u{0400}'..='\u{052f}').contains(&c)) {
                violations.push(format!("src/{}:{line}: {text}", source.path));
            }
        }
    }
    none(&violations);
}

/// Node ids by tool, read from the trees.
fn nodes_by_tool() -> BTreeMap<String, Vec<String>> {
    let mut trees = Vec::new();
    for folder in ["content", "tests/data/content-wide"] {
        files_under(&root().join(folder), "toml", &mut trees);
    }
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in trees.iter().filter(|path| path.ends_with("tree.toml")) {
        let text = fs::read_to_string(path).unwrap_or_default();
        for node in text.split("[[node]]") {
            let value = |key: &str| {
                node.lines().find_map(|line| {
                    let rest = line.strip_prefix(key)?.trim_start().strip_prefix('=')?;
                    Some(rest.trim().trim_matches('"').to_owned())
                })
            };
            if let (Some(tool), Some(id)) = (value("tool"), value("id")) {
                found.entry(tool).or_default().push(id);
            }
        }
    }
    found
}

#[test]
fn every_tool_has_a_conversation() {
    let mut paths = Vec::new();
    files_under(&root().join("tests/data/dialogs"), "toml", &mut paths);
    let cases: Vec<String> = paths.iter().map(|path| fs::read_to_string(path).unwrap_or_default()).collect();
    let nodes = nodes_by_tool();
    for tool in safar::engine::tool::ALL {
        let name = tool.name();
        let nodes = nodes.get(name).map(Vec::as_slice).unwrap_or_default();
        assert!(!nodes.is_empty(), "no node uses the tool {name}");
        let tapped =
            nodes.iter().any(|id| cases.iter().any(|case| case.contains(&format!("taps = \"n.{id}\""))));
        assert!(tapped, "no case of tests/data/dialogs opens the tool {name} (nodes {nodes:?})");
    }
}

#[test]
fn the_reader_tells_code_from_text() {
    let text = r##"
//! crate::web in a comment
use crate::{domain::{Day, Locale}, store::{self, Tx}, text};
/* crate::app /* nested */ crate::app */
fn f<'a>(x: &'a str) -> char { let _ = "crate::cli \" select "; '"' }
fn g() { crate :: engine::advance(); let r = r#"insert into t"#; pub(crate) struct S; }
#[cfg(test)]
mod tests { use crate::app; fn t() { let _ = "tests {"; } }
fn h() { super::super::store::x(); std::fs::read(""); tracing::info!(""); self.metrics::<u8>(); }
"##;
    let source = parted("dialog/park.rs", text);
    let names: Vec<String> = crate_paths(&source.code).into_iter().map(|(_, name)| name).collect();
    assert_eq!(names, ["domain", "store", "text", "engine"]);
    assert_eq!(source.depth(), 2);
    assert_eq!(climbs_to_crate(&source.code, 2).len(), 1);
    assert_eq!(climbs_to_crate(&source.code, 3).len(), 0);
    assert_eq!(uses_of(&source.code, "std::fs").len(), 1);
    assert_eq!(uses_of(&source.code, "tracing").len(), 1);
    assert_eq!(uses_of(&source.code, "metrics").len(), 0);
    let strings: Vec<&str> = source.strings.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(strings, ["crate::cli \\\" select ", "insert into t", "", ""]);
    assert!(is_sql("select id\n from contacts") && is_sql("with x as (select 1 from y) update z set a = 1"));
    assert!(!is_sql("an update was passed over") && !is_sql("one of ru, tg, ky"));
    let parted = parted("bus.rs", text);
    assert_eq!((parted.module(), parted.depth()), ("bus", 1));
}

#[test]
fn the_table_refuses() {
    assert_eq!(forbidden("engine", "domain"), None);
    assert_eq!(forbidden("check", "compose"), None);
    assert_eq!(forbidden("channels", "compose"), None);
    assert_eq!(forbidden("cli", "app"), None);
    let refused = [
        ("engine", "store"),
        ("compose", "check"),
        ("store", "channels"),
        ("dialog", "release"),
        ("dialog", "channels"),
        ("intake", "sender"),
        ("web", "store"),
        ("app", "cli"),
        ("domain", "clock"),
        ("store", "nothing"),
    ];
    for (from, to) in refused {
        assert!(forbidden(from, to).is_some(), "{from} -> {to}");
    }
}
