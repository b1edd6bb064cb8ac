//! IATI 2.03: valid against the official schema, and the rules that the schema does not hold (indicators.md §2.1).

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::{House, order};
use crate::store::backend::{Fresh, store_contract};

store_contract!(the_file_is_valid_and_keeps_the_rules, what_is_not_frozen_says_so_in_each_file);

/// The folder of the official schema: `SAFAR_TEST_IATI`, else beside the project. Where it is not, the schema is not
/// asked.
fn schema() -> Option<PathBuf> {
    let folder = std::env::var_os("SAFAR_TEST_IATI")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/iati"), PathBuf::from);
    let schema = folder.join("iati-activities-schema.xsd");
    if !schema.exists() {
        println!("SKIPPED: no IATI schema at {}; SAFAR_TEST_IATI names its folder", schema.display());
        return None;
    }
    Some(schema)
}

pub fn validate(bytes: &[u8]) {
    let Some(schema) = schema() else { return };
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("activity.xml");
    fs::write(&file, bytes).unwrap();
    let output = Command::new("xmllint")
        .args(["--noout", "--nonet", "--schema"])
        .arg(&schema)
        .arg(&file)
        .output()
        .expect("xmllint (Debian: libxml2-utils)");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The part of an indicator.
fn indicator<'a>(xml: &'a str, code: &str) -> &'a str {
    let reference = format!(
        "<reference vocabulary=\"99\" code=\"{code}\" indicator-uri=\"https://example.org/indicators#{code}\"/>"
    );
    let at = xml.find(&reference).unwrap_or_else(|| panic!("{code}: {xml}"));
    &xml[at..at + xml[at..].find("</indicator>").unwrap()]
}

fn squeezed(text: &str) -> String {
    text.lines().map(str::trim).collect()
}

async fn the_file_is_valid_and_keeps_the_rules(fresh: Fresh) {
    let house = House::at(&fresh, 2).await;
    let made = house.make(&order("2026-Q2", "iati")).await.unwrap();
    assert_eq!(made.name, "safar-2026-Q2-public-en-iati.xml");
    validate(&made.bytes);
    let xml = String::from_utf8(made.bytes).unwrap();
    assert!(xml.contains("Example &amp; &lt;Organisation&gt;"));
    assert!(xml.contains(r#"<activity-date iso-date="2026-01-01" type="2"/>"#), "it has begun");
    assert!(xml.contains(r#"<activity-date iso-date="2027-03-31" type="3"/>"#), "it has not ended");
    assert!(xml.contains(r#"<tag code="10.7" vocabulary="3"/>"#));
    let r2 = squeezed(indicator(&xml, "R2"));
    // The first quarter as it is known now, with what was reported; the second without a word.
    let first = concat!(
        r#"<period><period-start iso-date="2026-01-01"/><period-end iso-date="2026-03-31"/>"#,
        r#"<actual value="8"><comment><narrative>Restated on 2026-07-11 from 4: "#
    );
    assert!(r2.contains(first), "{r2}");
    let second = concat!(
        r#"<period><period-start iso-date="2026-04-01"/><period-end iso-date="2026-06-30"/><actual value="17"/>"#,
        r#"<actual value="8"><dimension name="sex" value="female"/></actual>"#,
        r#"<actual value="4"><dimension name="sex" value="male"/></actual>"#,
        r#"<actual value="5"><dimension name="sex" value="not disclosed"/></actual>"#
    );
    assert!(r2.contains(second), "{r2}");
    assert!(r2.contains(r#"<target value="1000000">"#));
    // By country of the first quarter: RU and TJ are small, KG hidden with them; nothing says zero for them.
    assert!(
        !r2.contains(r#"value="0""#) || r2.matches(r#"value="0""#).count() == 1,
        "only the baseline: {r2}"
    );
    // Two women served in both quarters: fewer than three, so no figure; the target stands.
    let s2 = squeezed(indicator(&xml, "S2"));
    assert!(!s2.contains("<actual value=\"1\"") && !s2.contains("<actual value=\"2\""), "{s2}");
    assert!(s2.contains(r#"<target value="2800">"#), "{s2}");
    // A process figure is none for publication; the reference is at one level, once each.
    assert!(!xml.contains("code=\"R1\"") && !xml.contains("code=\"R3\""));
    assert_eq!(xml.matches("<reference ").count(), xml.matches("<indicator ").count());
    for (_, rest) in
        xml.match_indices("aggregation-status=\"").map(|(at, found)| (at, &xml[at + found.len()..]))
    {
        assert!(rest.starts_with("0\"") || rest.starts_with("1\""), "{}", &rest[..5]);
    }
    assert!(xml.contains("add the periods to get the programme total"));
}

async fn what_is_not_frozen_says_so_in_each_file(fresh: Fresh) {
    let house = House::between(&fresh).await;
    let make = async |format: &str| {
        let made = house.make(&order("2026-Q2", format)).await.unwrap();
        assert!(!made.frozen);
        made.bytes
    };
    let bytes = make("iati").await;
    validate(&bytes);
    let xml = String::from_utf8(bytes).unwrap();
    let r2 = squeezed(indicator(&xml, "R2"));
    assert_eq!(r2.matches("<narrative>Provisional: ").count(), 1, "the second quarter only: {r2}");
    for (format, told) in [
        ("csv", ",provisional,"),
        ("html", "provisional"),
        ("dhis2", "; provisional"),
        ("activityinfo", ",provisional\r\n"),
    ] {
        let text = String::from_utf8(make(format).await).unwrap();
        assert!(text.contains(told), "{format}");
    }
}
