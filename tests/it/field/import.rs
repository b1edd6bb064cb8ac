//! Files of KoboToolbox: whole or not at all, once, newer versions in place of earlier ones.

use safar::{
    domain::ImportId,
    field::{FieldError, Imported, Refused, Who},
    indicators::Indicator,
};

use super::{House, PHOTO, ann, bek, refused};
use crate::{
    store::backend::{Fresh, store_contract},
    support::sql::count,
};

store_contract!(
    a_file_is_imported_once_and_counts_when_it_is_approved,
    a_file_with_a_fault_brings_nothing,
    a_newer_version_takes_the_place_of_the_earlier_one,
    who_sent_an_entry_does_not_approve_it,
    a_trial_changes_nothing,
);

/// As KoboToolbox writes it with XML values and headers.
const HEAD: &str = "\u{feff}\"start\";\"end\";\"main/activity\";\"main/occurred_at\";\"main/cc\";\"main/place\";\
    \"main/covers\";\"main/n_f\";\"main/n_m\";\"main/c\";\"main/group\";\"photo\";\"meta/rootUuid\";\"_id\";\"_uuid\";\
    \"_submission_time\";\"_validation_status\";\"_notes\";\"_status\";\"_submitted_by\";\"__version__\";\"_tags\";\"_index\"";

struct Row<'a> {
    day: &'a str,
    women: &'a str,
    code: &'a str,
    group: &'a str,
    root: &'a str,
    uuid: &'a str,
    status: &'a str,
}

const ROW: Row<'_> = Row {
    day: "2026-04-14T14:00:00.000+05:00",
    women: "6",
    code: "",
    group: "",
    root: "uuid:r1",
    uuid: "u1",
    status: "",
};

impl Row<'_> {
    fn line(&self) -> String {
        let Row { day, women, code, group, root, uuid, status } = self;
        format!(
            "\"x\";\"x\";\"session\";\"{day}\";\"TJ\";\"Bokhtar; bazaar\";\"both\";\"{women}\";\"4\";\"{code}\";\"{group}\";\
            \"p.jpg\";\"{root}\";\"7\";\"{uuid}\";\"2026-04-14T10:00:00\";\"{status}\";\"\";\"submitted_via_web\";\"mira\";\
            \"v1\";\"\";\"1\""
        )
    }
}

fn file(rows: &[Row<'_>]) -> String {
    rows.iter().fold(HEAD.to_owned(), |text, row| text + "\r\n" + &row.line()) + "\r\n"
}

impl House {
    async fn import(&self, who: &Who, text: &str) -> Imported {
        self.field.import(who, text.as_bytes(), false).await.unwrap()
    }

    async fn errors(&self, text: &str) -> Vec<String> {
        match self.field.import(&ann(), text.as_bytes(), false).await {
            Err(FieldError::Rows(errors)) => errors.iter().map(ToString::to_string).collect(),
            other => panic!("{other:?}"),
        }
    }

    async fn approve_all(&self, who: &Who, import: ImportId) {
        self.field.add_file_to_import(&ann(), import, PHOTO).await.unwrap();
        self.field.approve_import(who, import).await.unwrap();
    }
}

async fn a_file_is_imported_once_and_counts_when_it_is_approved(fresh: Fresh) {
    let house = House::on(fresh);
    let rows = [
        Row { code: "ev12", status: "validation_status_approved", ..ROW },
        Row { root: "uuid:r2", uuid: "u2", women: "1", ..ROW },
        Row { root: "uuid:r3", uuid: "u3", status: "Not Approved", ..ROW },
    ];
    let done = house.import(&ann(), &file(&rows)).await;
    assert_eq!((done.rows, done.added, done.known, done.left_out), (3, 2, 0, 1));
    assert_eq!((done.ignored, done.unregistered), (vec!["photo".to_owned()], vec!["ev12".to_owned()]));
    let import = done.import.unwrap();
    let of = [Indicator::R1, Indicator::R2];
    assert_eq!(house.totals(of).await, [0, 0], "approval there is not ours");
    assert_eq!(refused(house.field.approve_import(&ann(), import).await), Refused::SamePerson);
    assert_eq!(refused(house.field.approve_import(&bek(), import).await), Refused::NoEvidence);
    assert_eq!(count(&house.fresh.store, "field_entries where state = 'waiting'").await, 2);
    house.approve_all(&bek(), import).await;
    assert_eq!(house.totals(of).await, [15, 15]);
    assert_eq!(count(&house.fresh.store, "events where event_id = 'kobo:r1' and type = 'tally'").await, 1);
    // The same file again.
    let again = house.import(&bek(), &file(&rows)).await;
    assert_eq!((again.added, again.known, again.import), (0, 2, None));
    assert_eq!(house.totals(of).await, [15, 15]);
    assert_eq!(count(&house.fresh.store, "field_imports").await, 1);
}

async fn a_file_with_a_fault_brings_nothing(fresh: Fresh) {
    let house = House::on(fresh);
    let good = Row { root: "uuid:r9", uuid: "u9", ..ROW };
    let with = |row: Row<'_>| file(&[Row { root: "uuid:r9", uuid: "u9", ..ROW }, row]);
    for (row, told) in [
        (Row { women: "six", ..ROW }, "row 3, column main/n_f: \"six\" is no number"),
        (Row { women: "=1+1", ..ROW }, "row 3, column main/n_f: \"=1+1\" begins like a formula"),
        (Row { day: "14.04.2026", ..ROW }, "row 3, column main/occurred_at: \"14.04.2026\" is no date"),
        (
            Row { day: "2026-06-01", ..ROW },
            "row 3, column main/occurred_at: \"2026-06-01\" lies in the future",
        ),
        (Row { code: "a b", ..ROW }, "row 3, column main/c: \"a b\" is no campaign code"),
        (Row { uuid: "u9", ..ROW }, "row 3, column _uuid: \"u9\" is the same as in row 2"),
        (Row { root: "uuid:r9", ..ROW }, "row 3, column meta/rootUuid: \"uuid:r9\" is the same as in row 2"),
        (Row { uuid: "a/b", ..ROW }, "row 3, column _uuid: \"a/b\" is no id"),
    ] {
        let errors = house.errors(&with(row)).await;
        assert!(errors[0].starts_with(told), "{told}: {errors:?}");
    }
    let nameless = with(Row { uuid: "", root: "", ..ROW }).replace("\"7\"", "\"\"");
    let errors = house.errors(&nameless).await;
    assert!(errors[0].starts_with("row 3, column _uuid is empty"), "{errors:?}");
    let unknown = file(&[good]).replace("\"session\"", "\"dance\"");
    assert!(
        house.errors(&unknown).await[0]
            .starts_with("row 2, column main/activity: \"dance\" is no kind of entry: one of session")
    );
    let groups = [Row { group: "g", ..ROW }, Row { group: "G", root: "uuid:r2", uuid: "u2", ..ROW }];
    assert!(
        house.errors(&file(&groups)).await[0]
            .starts_with("row 3, column main/group: \"G\" is the same as in row 2")
    );
    assert_eq!(count(&house.fresh.store, "field_entries").await, 0);
    house.import(&ann(), &file(&groups[..1])).await;
    let errors = house.errors(&file(&groups[1..])).await;
    assert!(errors[0].contains("is reported by entry"), "{errors:?}");
    assert_eq!(count(&house.fresh.store, "field_entries").await, 1);
    let wide = vec![b';'; 1_000_000];
    let Err(FieldError::Rows(errors)) = house.field.import(&ann(), &wide, false).await else { panic!() };
    assert!(errors[0].to_string().contains("more than 1000 columns"), "{errors:?}");
}

async fn a_newer_version_takes_the_place_of_the_earlier_one(fresh: Fresh) {
    let house = House::on(fresh);
    let import = house.import(&ann(), &file(&[ROW])).await.import.unwrap();
    house.approve_all(&bek(), import).await;
    assert_eq!(house.totals([Indicator::R1]).await, [10]);
    // It was edited in KoboToolbox.
    house.clock.advance_ms(60_000);
    let edited = file(&[Row { uuid: "u1b", women: "8", ..ROW }]);
    let done = house.import(&ann(), &edited).await;
    assert_eq!((done.added, done.replaced), (1, 1));
    assert_eq!(house.totals([Indicator::R1]).await, [0], "until the new one is approved");
    house.approve_all(&bek(), done.import.unwrap()).await;
    assert_eq!(house.totals([Indicator::R1]).await, [12]);
    // An old export brings the earlier version back to nobody.
    let old = house.import(&ann(), &file(&[ROW])).await;
    assert_eq!((old.added, old.known), (0, 1));
    assert_eq!(house.totals([Indicator::R1]).await, [12]);
}

async fn who_sent_an_entry_does_not_approve_it(fresh: Fresh) {
    let house = House::on(fresh);
    let line = Who { id: None, login: String::new() };
    let import = house.import(&line, &file(&[ROW])).await.import.unwrap();
    house.field.add_file_to_import(&bek(), import, PHOTO).await.unwrap();
    let mira = Who { id: Some(safar::domain::StaffId(5)), login: "mira".to_owned() };
    assert_eq!(refused(house.field.approve_import(&mira, import).await), Refused::SamePerson);
    house.field.approve_import(&ann(), import).await.unwrap();
    assert_eq!(house.totals([Indicator::R1]).await, [10]);
}

async fn a_trial_changes_nothing(fresh: Fresh) {
    let house = House::on(fresh);
    let import = house.import(&ann(), &file(&[ROW])).await.import.unwrap();
    house.approve_all(&bek(), import).await;
    let rows = [Row { uuid: "u1b", ..ROW }, Row { root: "uuid:r2", uuid: "u2", ..ROW }];
    let done = house.field.import(&ann(), file(&rows).as_bytes(), true).await.unwrap();
    assert_eq!((done.added, done.replaced, done.import), (2, 1, None));
    assert_eq!(count(&house.fresh.store, "field_entries").await, 1);
    assert_eq!(house.totals([Indicator::R1]).await, [10]);
}
