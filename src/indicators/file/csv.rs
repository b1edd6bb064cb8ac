//! Comma-separated values as RFC 4180 has them, with limits.

/// Most bytes of one record: a file of a million columns is refused before it fills the memory.
const RECORD_MAX_BYTES: usize = 16 * 1024;

/// A record of a file and the line on which it begins, from 1 on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub line: usize,
    pub fields: Vec<String>,
}

/// Text that is no record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CsvError {
    #[error("row {line}: longer than {RECORD_MAX_BYTES} bytes")]
    TooLong { line: usize },
    #[error("row {line}: a quoted value does not end")]
    Unended { line: usize },
    #[error("row {line}: text beside a quoted value")]
    Beside { line: usize },
}

impl CsvError {
    pub const fn line(&self) -> usize {
        match self {
            Self::TooLong { line } | Self::Unended { line } | Self::Beside { line } => *line,
        }
    }
}

/// The records of a text; empty lines are left out. After a record that is none the next line begins anew.
pub fn records(text: &str) -> impl Iterator<Item = Result<Record, CsvError>> {
    records_by(text, ',')
}

/// The same with another sign between the values: KoboToolbox writes semicolons.
pub fn records_by(text: &str, between: char) -> impl Iterator<Item = Result<Record, CsvError>> {
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut line = 1;
    std::iter::from_fn(move || {
        loop {
            if rest.is_empty() {
                return None;
            }
            let start = line;
            let (raw, after) = cut(rest);
            line += raw.matches('\n').count() + usize::from(after.is_some());
            rest = after.unwrap_or_default();
            let raw = raw.strip_suffix('\r').unwrap_or(raw);
            if raw.is_empty() {
                continue;
            }
            if raw.len() > RECORD_MAX_BYTES {
                return Some(Err(CsvError::TooLong { line: start }));
            }
            return Some(fields(raw, start, between).map(|fields| Record { line: start, fields }));
        }
    })
}

/// The text up to the end of the record, quotes heeded within the longest record, and what follows it.
fn cut(text: &str) -> (&str, Option<&str>) {
    let mut quoted = false;
    for (at, byte) in text.bytes().enumerate().take(RECORD_MAX_BYTES + 1) {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => return split(text, at),
            _ => {}
        }
    }
    if !quoted && text.len() <= RECORD_MAX_BYTES {
        return (text, None);
    }
    text.find('\n').map_or((text, None), |at| split(text, at))
}

fn split(text: &str, at: usize) -> (&str, Option<&str>) {
    text.split_at_checked(at).map_or((text, None), |(record, rest)| (record, rest.get(1..)))
}

fn fields(raw: &str, line: usize, between: char) -> Result<Vec<String>, CsvError> {
    let mut fields = Vec::with_capacity(8);
    let mut rest = raw;
    loop {
        let Some(quoted) = rest.strip_prefix('"') else {
            let (field, after) =
                rest.split_once(between).map_or((rest, None), |(field, after)| (field, Some(after)));
            fields.push(field.to_owned());
            match after {
                Some(after) => rest = after,
                None => return Ok(fields),
            }
            continue;
        };
        let mut field = String::new();
        let mut inside = quoted;
        loop {
            let (text, after) = inside.split_once('"').ok_or(CsvError::Unended { line })?;
            field.push_str(text);
            match after.strip_prefix('"') {
                Some(after) => {
                    field.push('"');
                    inside = after;
                }
                None => {
                    inside = after;
                    break;
                }
            }
        }
        fields.push(field);
        match inside.strip_prefix(between) {
            Some(after) => rest = after,
            None if inside.is_empty() => return Ok(fields),
            None => return Err(CsvError::Beside { line }),
        }
    }
}

/// A value as it is written: quoted where it must be.
pub(super) fn quoted(value: &str) -> std::borrow::Cow<'_, str> {
    if value.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", value.replace('"', "\"\"")).into()
    } else {
        value.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Result<(usize, Vec<String>), CsvError>> {
        records(text).map(|found| found.map(|record| (record.line, record.fields))).collect()
    }

    #[test]
    fn records_are_read_with_their_lines() {
        let text = "\u{feff}a,b\r\n\r\n\"x, \"\"y\"\"\nz\",\n,,\nlast";
        let found: Vec<_> = read(text).into_iter().map(Result::unwrap).collect();
        let wanted =
            [(1, vec!["a", "b"]), (3, vec!["x, \"y\"\nz", ""]), (5, vec!["", "", ""]), (6, vec!["last"])];
        assert_eq!(
            found,
            wanted.map(|(line, fields)| (line, fields.into_iter().map(str::to_owned).collect()))
        );
    }

    #[test]
    fn another_sign_may_stand_between() {
        let found: Vec<_> =
            records_by("\"a\";\"b,c;d\"\n1;2\n", ';').map(|found| found.unwrap().fields).collect();
        assert_eq!(found, [vec!["a", "b,c;d"], vec!["1", "2"]]);
    }

    #[test]
    fn what_is_no_record_is_told_with_its_line_and_the_next_one_read() {
        let wide = ",".repeat(1_000_000);
        let found = read(&format!("a\n{wide}\nb\n\"c\" d\n\"e"));
        assert_eq!(found[1], Err(CsvError::TooLong { line: 2 }));
        assert_eq!(found[2], Ok((3, vec!["b".into()])));
        assert_eq!(found[3], Err(CsvError::Beside { line: 4 }));
        assert_eq!(found[4], Err(CsvError::Unended { line: 5 }));
    }

    #[test]
    fn values_are_quoted_where_they_must_be() {
        assert_eq!(quoted("a b"), "a b");
        assert_eq!(records(&quoted("a,\"b\"\n")).next().unwrap().unwrap().fields, ["a,\"b\"\n"]);
    }
}
