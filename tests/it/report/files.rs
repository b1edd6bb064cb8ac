//! Files read back: the workbook, CSV, the page, DHIS2, ActivityInfo; and what is kept of them.
#![expect(clippy::float_cmp, reason = "numbers of the files as they were written")]

use std::{collections::BTreeMap, io::Cursor};

use calamine::{Data, DataType as _, Range, Reader as _, Xlsx};
use safar::{
    counting,
    domain::StaffLocale,
    report::ReportError,
    store::indicators::{files, reports},
};
use serde_json::Value;

use super::{House, TYPED, difference, order};
use crate::store::backend::{Fresh, store_contract};

store_contract!(
    the_workbook_tells_the_vectors,
    what_people_typed_is_never_a_formula,
    the_table_of_all_figures_tells_the_vectors,
    the_page_is_whole_in_both_languages,
    dhis2_takes_a_payload_a_unit,
    activityinfo_takes_records_with_keys,
    a_frozen_report_says_the_same_later,
    what_a_file_told_is_kept,
    a_difference_blocks_reports_until_it_is_mended,
    what_cannot_be_made_is_named,
);

fn opened(bytes: Vec<u8>) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(bytes)).unwrap()
}

/// The row of a sheet whose first cell begins so.
fn row<'a>(sheet: &'a Range<Data>, begins: &str) -> &'a [Data] {
    sheet
        .rows()
        .find(|row| row[0].as_string().is_some_and(|text| text.starts_with(begins)))
        .unwrap_or_else(|| panic!("{begins}: {sheet:?}"))
}

/// The titles of the table of indicators.
fn header(sheet: &Range<Data>) -> Vec<Data> {
    sheet.rows().find(|row| row[0].as_string().as_deref() == Some("Indicator")).unwrap().to_vec()
}

/// Cells by the titles of their columns.
fn by_title(sheet: &Range<Data>, begins: &str) -> BTreeMap<String, Data> {
    let header = header(sheet);
    let cells = row(sheet, begins);
    header.iter().zip(cells).map(|(title, cell)| (title.as_string().unwrap(), cell.clone())).collect()
}

async fn the_workbook_tells_the_vectors(fresh: Fresh) {
    let house = House::at(&fresh, 2).await;
    let made = house.make(&order("2026-Q2", "xlsx")).await.unwrap();
    assert_eq!((made.name.as_str(), made.frozen), ("safar-2026-Q2-en-xlsx.xlsx", true));
    let mut book = opened(made.bytes);
    let names = [
        "Summary",
        "Indicators",
        "By sex and age",
        "By country",
        "By campaign",
        "Restatements",
        "Field entries",
        "Data quality",
        "Definitions",
    ];
    assert_eq!(book.sheet_names(), names);
    let sheet = book.worksheet_range("Indicators").unwrap();
    let number = |cells: &BTreeMap<String, Data>, title: &str| cells[title].as_f64().unwrap();
    // R2 of snapshot B, restated by +4 since A (§4.3); women 13 of 13 + 7 + 5.
    let line = by_title(&sheet, "R2 · ");
    for (title, wanted) in [
        ("Target", 1_000_000.0),
        ("This period", 17.0),
        ("Restated for earlier periods", 4.0),
        ("Cumulative", 25.0),
        ("Cumulative of the last report", 4.0),
        ("% of target", 0.0),
        ("Persons", 8.0),
        ("Head-counts", 16.0),
        ("Erased", 1.0),
        ("Women, % of known", 65.0),
        ("Sex known, %", 80.0),
        ("Women at least, %", 52.0),
        ("Women at most, %", 72.0),
        ("Active (does not add up)", 17.0),
        ("Check: 0", 0.0),
    ] {
        assert_eq!(number(&line, title), wanted, "{title}");
    }
    // A share of the target with one decimal; no target: empty.
    assert_eq!(number(&by_title(&sheet, "O2 · "), "% of target"), 0.0);
    assert_eq!(by_title(&sheet, "R1 · ")["% of target"], Data::Empty);
    assert_eq!(by_title(&sheet, "S2 · ")["Restated for earlier periods"].as_f64(), Some(1.0));
    // In every row the cumulative figure is what the last report had, what was restated and this period.
    let header = header(&sheet);
    let place =
        |title: &str| header.iter().position(|cell| cell.as_string().as_deref() == Some(title)).unwrap();
    let (before, restated, new, cum) = (
        place("Cumulative of the last report"),
        place("Restated for earlier periods"),
        place("This period"),
        place("Cumulative"),
    );
    let mut checked = 0;
    for row in sheet.rows().skip_while(|row| row[0].as_string().as_deref() != Some("Indicator")).skip(1) {
        let Some(cum) = row[cum].as_f64() else { continue };
        let parts: f64 = [before, restated, new].iter().map(|place| row[*place].as_f64().unwrap()).sum();
        assert_eq!(parts, cum, "{row:?}");
        checked += 1;
    }
    assert!(checked > 60, "{checked}");
    let formulas = book.worksheet_formula("Indicators").unwrap();
    let used: Vec<&String> = formulas.rows().flatten().filter(|text| !text.is_empty()).collect();
    assert_eq!(used.len(), checked);
    let first = row_number(&sheet, "R1 · ");
    assert_eq!(used[0], &format!("P{first}+E{first}+D{first}-F{first}"));
    // Dates are dates.
    let summary = book.worksheet_range("Summary").unwrap();
    assert!(row(&summary, "First day")[1].is_datetime(), "{:?}", row(&summary, "First day"));
    assert!(row(&summary, "Figures as of")[1].is_datetime());
    let yes = |begins: &str| row(&summary, begins)[1].as_string().unwrap();
    assert_eq!([yes("Persons: supp"), yes("This period is"), yes("Each table")], ["yes", "yes", "yes"]);
    assert_eq!(yes("Women among them"), "met");
    // Tables split one way, first and last touch apart.
    let campaigns = book.worksheet_range("By campaign").unwrap();
    let codes: Vec<(String, f64)> = campaigns
        .rows()
        .filter(|row| row[0].as_string().as_deref() == Some("R2"))
        .map(|row| (row[1].as_string().unwrap(), row[4].as_f64().unwrap()))
        .collect();
    let of = |code: &str, n| (code.to_owned(), n);
    let first = [of("Without a code", 9.0), of("ev12", 12.0), of("fb1", 3.0), of("qr-osh", 1.0)];
    let last = [of("Without a code", 11.0), of("ev12", 12.0), of("fb1", 1.0), of("ref", 1.0)];
    assert_eq!(codes, [first, last].concat());
    // What was learnt of the first quarter since it was frozen.
    let restated = book.worksheet_range("Restatements").unwrap();
    let rows: Vec<(String, f64, f64, f64)> = restated
        .rows()
        .filter(|row| row[0].as_string().as_deref() == Some("2026, quarter 1") && row[1].is_string())
        .map(|row| {
            let n = |place: usize| row[place].as_f64().unwrap();
            (row[1].as_string().unwrap()[..2].to_owned(), n(3), n(4), n(5))
        })
        .collect();
    let told = |code: &str, was, is, by| (code.to_owned(), was, is, by);
    assert_eq!(
        rows,
        [
            told("R1", 7.0, 11.0, 4.0),
            told("R2", 4.0, 8.0, 4.0),
            told("R3", 0.0, 1.0, 1.0),
            told("S2", 1.0, 2.0, 1.0)
        ]
    );
    // Why: the late session of five, tg:102 and wa:202 are one, the entry that was voided.
    let why: Vec<Vec<f64>> = restated
        .rows()
        .filter(|row| row[0].as_string().as_deref() == Some("2026, quarter 1") && row[1].is_float())
        .map(|row| row[1..8].iter().map(|cell| cell.as_f64().unwrap()).collect())
        .collect();
    assert_eq!(why, [[1.0, 5.0, 0.0, 1.0, 0.0, 0.0, 1.0]]);
    // Gross, overlap, net of the session of 14 April (§4.3).
    let field = book.worksheet_range("Field entries").unwrap();
    let session = |code: &str| -> Vec<f64> {
        let is = |row: &&[Data]| {
            row[1].as_string().as_deref() == Some("e29") && row[3].as_string().as_deref() == Some(code)
        };
        let row = field.rows().find(is).unwrap();
        row[7..15].iter().map(|cell| cell.as_f64().unwrap()).collect()
    };
    assert_eq!(session("R1"), [6.0, 4.0, 2.0, 2.0, 6.0, 3.0, 1.0, 10.0]);
    assert_eq!(session("R2"), [6.0, 4.0, 2.0, 1.0, 6.0, 3.0, 2.0, 11.0]);
    // Who was left out, who waits.
    let quality = book.worksheet_range("Data quality").unwrap();
    let told = |begins: &str| row(&quality, begins)[1].as_f64().unwrap();
    assert_eq!(told("R2: sex known"), 80.0);
    assert_eq!(told("R2: share of head-counts"), 64.0);
    assert_eq!([told("Persons excluded"), told("Links made"), told("Links undone")], [1.0, 1.0, 0.0]);
    assert_eq!([told("Entries that wait"), told("People in the entries")], [1.0, 50.0], "approved by itself");
    assert!(quality.rows().any(|row| row[0].as_string().as_deref() == Some("One phone for a family")));
}

/// As spreadsheets number it.
fn row_number(sheet: &Range<Data>, begins: &str) -> usize {
    let is = |row: &[Data]| row[0].as_string().is_some_and(|text| text.starts_with(begins));
    sheet.rows().position(is).unwrap() + 1 + sheet.start().unwrap().0 as usize
}

async fn what_people_typed_is_never_a_formula(fresh: Fresh) {
    let house = House::at(&fresh, 2).await;
    let made = house.make(&order("2026-Q2", "xlsx")).await.unwrap();
    let mut book = opened(made.bytes);
    let mut seen = Vec::new();
    for name in book.sheet_names() {
        let formulas = book.worksheet_formula(&name).unwrap();
        let foreign = formulas.rows().flatten().find(|text| !text.is_empty() && !text.starts_with('P'));
        assert_eq!(foreign, None, "{name}");
        let sheet = book.worksheet_range(&name).unwrap();
        seen.extend(sheet.rows().flatten().filter_map(|cell| cell.get_string().map(str::to_owned)));
    }
    for text in [TYPED, "+Prepared", "@Approved"] {
        assert!(seen.iter().any(|found| found == text), "{text} is told as it was typed");
    }
    let made = house.make(&order("2026-Q2", "csv")).await.unwrap();
    let text = String::from_utf8(made.bytes).unwrap();
    assert!(text.contains(",'=1+1 engaged,"), "{text}");
    for field in text.replace("\r\n", ",").split(',') {
        let is_number = field.trim().parse::<f64>().is_ok();
        assert!(is_number || !field.starts_with(['=', '+', '-', '@', '\t', '\r']), "{field}");
    }
}

async fn the_table_of_all_figures_tells_the_vectors(fresh: Fresh) {
    let house = House::at(&fresh, 2).await;
    let made = house.make(&order("2026-Q2", "csv")).await.unwrap();
    let text = String::from_utf8(made.bytes).unwrap();
    assert!(text.starts_with("\u{feff}period,as_of,state,indicator,"));
    let lines: Vec<Vec<&str>> = text.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let find = |indicator: &str, measure: &str, dimension: &str, value: &str| {
        lines
            .iter()
            .find(|line| {
                // A name with a comma in it is wider: the columns behind it count from the end.
                line[3] == indicator
                    && line[line.len() - 14] == measure
                    && line[line.len() - 12] == dimension
                    && line[line.len() - 11] == value
            })
            .unwrap_or_else(|| panic!("{indicator} {measure} {dimension} {value}"))
            .iter()
            .rev()
            .take(14)
            .rev()
            .copied()
            .collect::<Vec<_>>()
    };
    let wanted = ["cum", "no", "", "", "", "25", "8", "16", "1", "0", "1000000", "0.0", "4", "4"];
    assert_eq!(find("R2", "cum", "", ""), wanted);
    let wanted = ["new", "yes", "sex", "F", "Women", "8", "2", "6", "0", "", "", "", "", ""];
    assert_eq!(find("R2", "new", "sex", "F"), wanted);
    assert_eq!(find("S3", "cum", "", "")[5], "1");
    assert_eq!(find("EST", "new", "", "")[5], "500");
    assert_eq!(lines[0][2], "frozen");
}

async fn the_page_is_whole_in_both_languages(fresh: Fresh) {
    let house = House::at(&fresh, 2).await;
    for (locale, wanted) in [
        (
            StaffLocale::En,
            ["Outreach report: 2026, quarter 2", "1,000,000", "65.0", "One phone for a family"],
        ),
        (
            StaffLocale::Ru,
            [
                "Отчёт об охвате: 2026 год, 2-й квартал",
                "1\u{a0}000\u{a0}000",
                "65,0",
                "Один телефон на семью",
            ],
        ),
    ] {
        let made = house.make(&safar::report::Order { locale, ..order("2026-Q2", "html") }).await.unwrap();
        let text = String::from_utf8(made.bytes).unwrap();
        for wanted in wanted {
            assert!(text.contains(wanted), "{locale}: {wanted}");
        }
        // No text id stands for a text that is missing; nothing is fetched from anywhere.
        assert!(
            !text.contains(">report-") && !text.contains("src=") && !text.contains("<script"),
            "{locale}"
        );
        let cells = text.matches("<td").count();
        assert!(cells > 500, "{cells}");
    }
}

async fn dhis2_takes_a_payload_a_unit(fresh: Fresh) {
    let house = House::at(&fresh, 2).await;
    let read = async |country: Option<&str>, public: bool| -> Value {
        let order =
            safar::report::Order { unit: country.map(str::to_owned), public, ..order("2026-Q2", "dhis2") };
        serde_json::from_slice(&house.make(&order).await.unwrap().bytes).unwrap()
    };
    let value = |set: &Value, element: &str, combo: &str| {
        let values = set["dataValues"].as_array().unwrap();
        let is = |value: &&Value| value["dataElement"] == element && value["categoryOptionCombo"] == combo;
        values.iter().find(is).map(|value| value["value"].as_str().unwrap().to_owned())
    };
    let set = read(None, false).await;
    assert_eq!(
        [&set["dataSet"], &set["period"], &set["orgUnit"], &set["completeDate"]],
        ["MIGINFO_Q", "2026Q2", "REGION", "2026-07-11"]
    );
    // As the example of indicators.md §2.2 has it.
    let some = |n: &str| Some(n.to_owned());
    assert_eq!(value(&set, "R2_NEW", "SEX_F"), some("8"));
    assert_eq!(value(&set, "R2_NEW", "SEX_M"), some("4"));
    assert_eq!(value(&set, "R2_NEW", "SEX_U"), some("5"));
    assert_eq!(value(&set, "R2_CUM", "default"), some("25"));
    assert_eq!(value(&set, "Uid12345678", "SEX_F"), some("7"));
    assert_eq!(value(&set, "O2_NEW", "SEX_F"), some("0"), "a zero is a result");
    let units: Vec<i64> = {
        let mut found = Vec::new();
        for country in ["TJ", "KG", "RU", "U"] {
            let set = read(Some(country), false).await;
            assert_eq!(set["orgUnit"], if country == "U" { "NOT_STATED" } else { country });
            found.push(value(&set, "R2_CUM", "default").unwrap().parse().unwrap());
        }
        found
    };
    assert_eq!(units, [13, 6, 2, 4], "they add up to the region");
    assert_eq!(value(&set, "S1_CUM", "default"), some("2"));
    for (centre, unit) in [("TJ-1", "CENTRE_TJ_1"), ("RU-1", "CENTRE_RU_1")] {
        let set = read(Some(centre), false).await;
        assert_eq!(set["orgUnit"], unit);
        assert_eq!(value(&set, "S1_CUM", "default"), some("1"), "one at each centre");
        assert_eq!(value(&set, "S1_NEW", "default"), some("0"), "a zero is a result");
        assert_eq!(value(&set, "R2_CUM", "default"), None, "only what is done at centres");
    }
    // RU has fewer than three in the quarter: nothing of it, nor of what would give it away.
    let public = read(None, true).await;
    assert_eq!(value(&public, "R2_NEW", "SEX_F"), some("8"));
    assert_eq!(value(&public, "R2_ACTIVE", "default"), None);
    assert_eq!(value(&public, "S3_NEW", "default"), None, "one household");
    let error = house
        .make(&safar::report::Order { unit: Some("KZ".into()), ..order("2026-Q2", "dhis2") })
        .await
        .unwrap_err();
    assert!(error.to_string().contains("dhis2: KZ has no"), "{error}");
}

async fn activityinfo_takes_records_with_keys(fresh: Fresh) {
    let house = House::at(&fresh, 2).await;
    let made = house.make(&order("2026-Q2", "activityinfo")).await.unwrap();
    let text = String::from_utf8(made.bytes).unwrap();
    let mut lines = text.split("\r\n");
    assert_eq!(
        lines.next().unwrap(),
        "Indicator,Measure,Month,Country,Dimension,Value label,Value,Definition version,Comment"
    );
    let records: Vec<Vec<&str>> =
        lines.filter(|line| !line.is_empty()).map(|line| line.split(',').collect()).collect();
    let mut keys: Vec<&[&str]> = records.iter().map(|record| &record[..6]).collect();
    let all = keys.len();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), all, "a key comes once");
    let value = |key: [&str; 6]| records.iter().find(|record| record[..6] == key).map(|record| record[6]);
    // April: tg:101, tg:109 and wa:212 equipped, and eleven heads of the session.
    assert_eq!(value(["R2", "new", "2026-04", "REGION", "total", "All"]), Some("14"));
    assert_eq!(value(["R2", "new", "2026-04", "TJ", "total", "All"]), Some("12"));
    assert_eq!(value(["R2", "new", "2026-04", "REGION", "sex", "Women"]), Some("7"));
    assert_eq!(value(["R2", "new", "2026-04", "REGION", "sex", "Not disclosed"]), Some("3"));
    assert_eq!(value(["R2", "new", "2026-06", "REGION", "sex", "Men"]), Some("0"), "a zero is a result");
    assert_eq!(value(["R2", "new", "2026-04", "TJ", "sex", "Women"]), Some("6"));
    let (mut tables, mut of_erased) = (0, 0);
    for record in records.iter().filter(|record| record[4] == "total" && record[3] != "REGION") {
        if record[1] == "active" {
            continue;
        }
        let sexes = records.iter().filter(|one| one[..4] == record[..4] && one[4] == "sex");
        let sexes: Vec<&Vec<&str>> = sexes.collect();
        let sum: i32 = sexes.iter().map(|one| one[6].parse::<i32>().unwrap()).sum();
        assert_eq!((sexes.len(), sum), (3, record[6].parse().unwrap()), "{record:?}: {sexes:?}");
        tables += 1;
        of_erased += usize::from(sexes.iter().any(|one| one[8].contains("erased")));
    }
    assert!(tables > 20 && of_erased > 0, "{tables} {of_erased}");
    let months: i32 = ["2026-04", "2026-05", "2026-06"]
        .map(|month| value(["R2", "new", month, "REGION", "total", "All"]).unwrap().parse::<i32>().unwrap())
        .iter()
        .sum();
    assert_eq!(months, 17, "the months add up to the quarter");
    assert!(matches!(
        house.make(&safar::report::Order { public: true, ..order("2026-Q2", "activityinfo") }).await,
        Err(ReportError::NeverPublic("activityinfo"))
    ));
}

async fn a_frozen_report_says_the_same_later(fresh: Fresh) {
    let house = House::at(&fresh, 2).await;
    let first = house.make(&order("2026-Q1", "csv")).await.unwrap();
    let text = String::from_utf8(first.bytes).unwrap();
    // As it was frozen at snapshot A, though more is known at B.
    assert!(text.contains(",cum,no,,,,4,3,0,1,"), "{text}");
    assert!(text.contains("2026-04-10T19:00:00Z,frozen,R1,"), "{text}");
    house.clock.advance_ms(3_600_000);
    let again = house.make(&order("2026-Q1", "csv")).await.unwrap();
    assert_eq!(again.sha256, first.sha256);
    // The period that runs is told as it is now, after the others.
    let now = house.make(&order("2026-Q3", "csv")).await.unwrap();
    let text = String::from_utf8(now.bytes).unwrap();
    assert!(
        !now.frozen && text.contains(",provisional,R2,") && text.contains(",cum,no,,,,25,8,16,1,"),
        "{text}"
    );
}

async fn what_a_file_told_is_kept(fresh: Fresh) {
    let house = House::at(&fresh, 2).await;
    let made = house.make(&order("2026-Q2", "csv")).await.unwrap();
    house.clock.advance_ms(1_000);
    house.make(&order("2026-Q2", "html")).await.unwrap();
    let mut tx = fresh.read().await;
    let kept = files::latest(&mut tx, 10).await.unwrap();
    assert_eq!(kept.iter().map(|row| row.format.as_str()).collect::<Vec<_>>(), ["html", "csv"]);
    let row = &kept[1];
    assert_eq!(
        (row.sha256.as_str(), row.period.as_str(), row.frozen),
        (made.sha256.as_str(), "2026-Q2", true)
    );
    assert_eq!(row.settings, counting::settings(&mut tx).await.unwrap().hash);
    assert_eq!(row.version, format!("{} 1", env!("CARGO_PKG_VERSION")));
    let report = reports::report(&mut tx, "2026-Q2").await.unwrap().unwrap();
    assert_eq!((row.last_seq, row.as_of), (report.last_seq, report.as_of));
    assert_eq!(kept[0].figures, row.figures, "the same figures are kept once");
    let figures = files::figures(&mut tx, &row.figures).await.unwrap().unwrap();
    assert!(
        figures.contains(r#"{"indicator":"R2","measure":"cum","persons":8,"erased":1,"tally":16}"#),
        "{figures}"
    );
    tx.rollback().await.unwrap();
}

async fn a_difference_blocks_reports_until_it_is_mended(fresh: Fresh) {
    let house = House::at(&fresh, 1).await;
    use safar::clock::Clock as _;
    let now = house.clock.now();
    let mut tx = fresh.write().await;
    counting::note_compared(&mut tx, &difference(), now).await.unwrap();
    tx.commit().await.unwrap();
    let error = house.make(&order("2026-Q1", "xlsx")).await.unwrap_err();
    let told = error.to_string();
    assert!(
        told.contains("1 difference(s)")
            && told.contains("R1 new 2026-05: stored 2")
            && told.contains("run `safar indicators recount`"),
        "{told}"
    );
    assert_eq!(house.reports.standing().await.unwrap().refused, Some("differs"));
    let mut tx = fresh.write().await;
    assert_eq!(files::latest(&mut tx, 10).await.unwrap(), [], "nothing was kept");
    let rules = counting::settings(&mut tx).await.unwrap().settings.rules;
    let found = counting::recount(&mut tx, &rules).await.unwrap();
    counting::note_compared(&mut tx, &found, now).await.unwrap();
    tx.commit().await.unwrap();
    house.make(&order("2026-Q1", "csv")).await.unwrap();
    // Two days without a comparison: nobody knows.
    house.clock.advance_ms(2 * 86_400_000 + 1);
    assert!(matches!(house.make(&order("2026-Q1", "csv")).await, Err(ReportError::NotCompared)));
}

async fn what_cannot_be_made_is_named(fresh: Fresh) {
    let house = House::at(&fresh, 2).await;
    let error = async |period: &str, format: &str, public: bool| {
        let order = safar::report::Order { public, ..order(period, format) };
        house.make(&order).await.unwrap_err().to_string()
    };
    assert!(error("2025-Q4", "csv", false).await.contains("these are: 2026-Q1, 2026-Q2"));
    assert!(error("2026-Q4", "csv", false).await.contains("2026-Q4 has not begun"));
    assert!(error("programme", "csv", false).await.contains("no period of the programme"));
    assert!(error("2026-05", "csv", true).await.contains("by quarter only"));
    assert!(error("2026-05", "iati", false).await.contains("by quarter only"));
    house.make(&order("2026-05", "csv")).await.unwrap();
    // Without the programme's identifiers there is no file for the systems that want them.
    use safar::clock::Clock as _;
    let mut tx = fresh.write().await;
    counting::configure(&mut tx, safar::indicators::EMBEDDED, house.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    for format in ["iati", "dhis2", "activityinfo"] {
        let told = error("2026-Q2", format, false).await;
        assert!(told.contains(&format!("no [{format}] section")) && told.contains("configure"), "{told}");
    }
}
