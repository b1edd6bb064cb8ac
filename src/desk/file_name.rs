//! Names of files that go to people.

use super::{answer::clean, type_of};

/// Longest name, in characters, with its ending.
const NAME_MAX_CHARS: usize = 80;
/// What cannot stand in a name on some system, or would end a header's value.
const FORBIDDEN: [char; 10] = ['"', '<', '>', ':', '|', '?', '*', ';', '%', '`'];
/// The name of a file that has none.
const NAMELESS: &str = "file";

/// Endings that fit a content, the usual one first.
const ENDINGS: &[(&str, &[&str])] = &[
    ("image/jpeg", &["jpg", "jpeg"]),
    ("image/png", &["png"]),
    ("image/webp", &["webp"]),
    ("application/pdf", &["pdf"]),
    ("audio/ogg", &["ogg", "oga"]),
    ("audio/opus", &["ogg", "oga", "opus"]),
    ("audio/mpeg", &["mp3"]),
    ("audio/mp4", &["m4a", "mp4"]),
    ("audio/m4a", &["m4a"]),
    ("video/mp4", &["mp4"]),
    // Some office programs write files that look like plain archives.
    ("application/zip", &["zip", "docx", "xlsx", "pptx", "odt", "ods"]),
    ("application/msword", &["doc", "xls", "ppt"]),
    ("application/x-ole-storage", &["doc", "xls", "ppt"]),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", &["docx"]),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", &["xlsx"]),
    ("text/plain", &["txt", "csv"]),
];

/// How a file of this content ends, if it is of a kind that is told by its name.
pub fn ending_of(mime: &str) -> Option<(&'static str, &'static str)> {
    let (kind, endings) = ENDINGS.iter().find(|(kind, _)| *kind == mime)?;
    Some((kind, endings.first()?))
}

/// A name as its person may see it: no path, no control or turning characters, not too long, and its ending tells the
/// content, whatever the sender called it.
pub(super) fn clean_name(name: &str, bytes: &[u8]) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = clean(name)
        .chars()
        .map(|c| if c.is_whitespace() || c.is_control() { ' ' } else { c })
        .map(|c| if FORBIDDEN.contains(&c) { '_' } else { c })
        .collect();
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    // A name that is nothing but an ending has none.
    let name = name.trim_end_matches(['.', ' ']);
    let mime = type_of(bytes);
    let known = ENDINGS.iter().find(|(kind, _)| *kind == mime).map(|(_, endings)| *endings);
    let own = infer::get(bytes).map_or("bin", |kind| kind.extension());
    let fitting = known.unwrap_or(std::slice::from_ref(&own));
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if fitting.iter().any(|fits| ending.eq_ignore_ascii_case(fits)) => {
            (stem, ending.to_ascii_lowercase())
        }
        // "Letter of 12.05" keeps its end; so does a name that lies.
        _ => (name, fitting.first().copied().unwrap_or("bin").to_owned()),
    };
    let room = NAME_MAX_CHARS.saturating_sub(ending.chars().count() + 1);
    let stem: String = stem.chars().take(room).collect();
    let stem = stem.trim_matches(['.', ' ']);
    format!("{}.{ending}", if stem.is_empty() { NAMELESS } else { stem })
}

#[cfg(test)]
mod tests {
    use super::{NAME_MAX_CHARS, clean_name, ending_of};

    const PDF: &[u8] = b"%PDF-1.7\n";
    const JPEG: &[u8] = b"\xFF\xD8\xFF\xE0";

    #[test]
    fn a_name_tells_the_content_and_nothing_else() {
        for (name, bytes, expected) in [
            ("договор.pdf", PDF, "договор.pdf"),
            ("Шартнома.PDF", PDF, "Шартнома.pdf"),
            ("photo.jpeg", JPEG, "photo.jpeg"),
            ("photo.jpg.exe", JPEG, "photo.jpg.exe.jpg"),
            ("справка от 12.05", PDF, "справка от 12.05.pdf"),
            ("C:\\Users\\ann\\письмо.pdf", PDF, "письмо.pdf"),
            ("../../etc/passwd", b"a b", "passwd.txt"),
            ("", PDF, "file.pdf"),
            (".pdf", PDF, "file.pdf"),
            ("...", PDF, "file.pdf"),
            ("a\u{202E}fdp.exe", PDF, "afdp.exe.pdf"),
            ("a\r\nSet-Cookie: b\t.pdf", PDF, "a Set-Cookie_ b.pdf"),
            ("a\"b<c>.pdf", PDF, "a_b_c_.pdf"),
            ("таблица.csv", "а,б".as_bytes(), "таблица.csv"),
            ("x.dat", b"\xFE\xFF\x00\x01", "x.dat.bin"),
        ] {
            assert_eq!(clean_name(name, bytes), expected, "{name:?}");
        }
        let long = clean_name(&format!("{}.pdf", "ғ".repeat(300)), PDF);
        assert!(long.chars().count() == NAME_MAX_CHARS && long.ends_with("ғ.pdf"), "{long}");
    }

    #[test]
    fn a_kind_has_its_ending() {
        assert_eq!(ending_of("image/jpeg"), Some(("image/jpeg", "jpg")));
        assert_eq!(ending_of("text/html"), None);
    }
}
