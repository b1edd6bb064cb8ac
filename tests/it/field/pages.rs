//! Pages over HTTP: who may enter, what a form says, how files come and go.

use std::{collections::BTreeSet, fs, path::Path};

use safar::{
    app::console_texts,
    desk::Role,
    domain::StaffLocale,
    field::{Fault, Kind, STATES, Shape},
    indicators::{Figures, Indicator, Measure, Rules, Window},
};

use super::PHOTO;
use crate::{
    staff::visitor::{Visitor, account},
    support::{
        app::{Options, TestApp},
        sql::count,
    },
};

const NEW: &str = "/staff/field/new/session";

/// R1 as the running program has it.
async fn reached(app: &TestApp) -> u64 {
    let mut tx = app.app.store.read().await.unwrap();
    let shares = safar::counting::shares(&mut tx, &Rules::default()).await.unwrap();
    tx.rollback().await.unwrap();
    let rules = Rules::default();
    Figures::new(&shares, &rules).total(Indicator::R1, Window::Programme, Measure::Cum).total()
}

async fn visitor<'a>(app: &'a TestApp, login: &str, roles: &[Role]) -> Visitor<'a> {
    account(app, login, roles).await;
    let mut visitor = Visitor::of(app);
    visitor.log_in(login).await;
    visitor
}

/// A session's form, with the token and the offer of the page.
async fn fill(visitor: &mut Visitor<'_>, women: &str) -> Vec<(String, String)> {
    let page = visitor.get(NEW).await;
    assert_eq!(page.status, 200, "{}", page.text);
    let pairs = [
        ("csrf", page.field("csrf")),
        ("offer", page.field("offer")),
        ("occurred_at", "2026-11-20".to_owned()),
        ("cc", "TJ".to_owned()),
        ("place", "Khujand <b>".to_owned()),
        ("covers", "both".to_owned()),
        ("n_f", women.to_owned()),
        ("c", "ev12".to_owned()),
    ];
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn refs(form: &[(String, String)]) -> Vec<(&str, &str)> {
    form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

#[tokio::test]
async fn only_campaign_staff_sees_entries() {
    let app = TestApp::start(Options::default()).await;
    let mut stranger = Visitor::of(&app);
    assert_eq!(stranger.get("/staff/field").await.status, 303);
    for (login, role) in [("viewer", Role::Viewer), ("helper", Role::Consultant), ("editor", Role::Editor)] {
        let mut other = visitor(&app, login, &[role]).await;
        for path in ["/staff/field", "/staff/field/new", NEW, "/staff/field/import", "/staff/field/entry/1"] {
            assert_eq!(other.get(path).await.status, 403, "{login} {path}");
        }
        assert_eq!(other.post_file(NEW, &[], Some(("a.jpg", PHOTO))).await.status, 403);
    }
    let mut ann = visitor(&app, "ann", &[Role::Campaigner]).await;
    assert!(ann.get("/staff/campaigns").await.text.contains("href=\"/staff/field\""));
    for path in ["/staff/field", "/staff/field/new", NEW, "/staff/field/import"] {
        assert_eq!(ann.get(path).await.status, 200, "{path}");
    }
    for path in
        ["/staff/field/entry/1", "/staff/field/entry/x", "/staff/field/new/dance", "/staff/field/file/1"]
    {
        assert_eq!(ann.get(path).await.status, 404, "{path}");
    }
    let forged = fill(&mut ann, "6").await;
    let forged: Vec<_> = refs(&forged).into_iter().filter(|(name, _)| *name != "csrf").collect();
    assert_eq!(ann.post_file(NEW, &forged, None).await.status, 403, "no token");
    assert_eq!(count(&app.app.store, "field_entries").await, 0);
    app.stop().await;
}

#[tokio::test]
async fn an_entry_goes_from_the_form_into_the_figures_and_back() {
    let app = TestApp::start(Options::default()).await;
    let mut ann = visitor(&app, "ann", &[Role::Campaigner]).await;
    let mut bek = visitor(&app, "bek", &[Role::Campaigner]).await;
    // A mistake is shown beside its field, with what was typed.
    let form = fill(&mut ann, "six").await;
    let page = ann.post_file(NEW, &refs(&form), None).await;
    assert!(page.status == 422 && page.text.contains("No number."), "{}", page.text);
    assert!(page.text.contains("value=\"Khujand &#60;b&#62;\""), "{}", page.text);
    let form = fill(&mut ann, "6").await;
    let page = ann.post_file(NEW, &refs(&form), Some(("list.exe", b"MZ\x90\x00\x03\x00\x00\x00"))).await;
    assert!(page.status == 422 && page.text.contains("a program"), "{}", page.text);
    let form = fill(&mut ann, "6").await;
    let page = ann.post_file(NEW, &refs(&form), Some(("list.jpg", PHOTO))).await;
    assert_eq!(page.status, 303, "{}", page.text);
    let path = page.location.split('?').next().unwrap().to_owned();
    // The same form twice is one entry.
    assert_eq!(ann.post_file(NEW, &refs(&form), Some(("list.jpg", PHOTO))).await.location, page.location);
    assert_eq!(count(&app.app.store, "field_entries").await, 1);
    assert_eq!(reached(&app).await, 0);
    let page = ann.get(&path).await;
    assert!(page.text.contains("You entered this.") && !page.text.contains(&format!("{path}/approve")));
    assert!(page.text.contains("not in the register"), "the code is told");
    let page = ann.post(&path, &format!("{path}/approve"), &[]).await;
    assert!(page.location.ends_with("?why=same-person"), "{}", page.location);
    assert_eq!(reached(&app).await, 0);
    let page = bek.post(&path, &format!("{path}/approve"), &[]).await;
    assert!(page.location.ends_with("?done=approved"), "{}", page.location);
    assert_eq!(reached(&app).await, 6);
    let page = bek.get("/staff/field?state=approved&kind=session&cc=TJ&month=2026-11").await;
    assert!(page.text.contains(&path) && page.text.contains("Khujand &#60;b&#62;"), "{}", page.text);
    assert!(!bek.get("/staff/field?month=2026-10").await.text.contains(&path));
    let page = bek.post(&path, &format!("{path}/void"), &[("reason", "")]).await;
    assert!(page.location.ends_with("?why=no-reason"));
    let page = bek.post(&path, &format!("{path}/void"), &[("reason", "counted <twice>")]).await;
    assert!(page.location.ends_with("?done=voided"));
    assert_eq!(reached(&app).await, 0);
    let page = ann.get(&path).await;
    assert!(page.text.contains("counted &#60;twice&#62;") && page.text.contains("?like="), "{}", page.text);
    let again = ann.get(&format!("{NEW}?like={}", path.rsplit('/').next().unwrap())).await;
    assert!(again.text.contains("value=\"ev12\"") && again.text.contains("value=\"2026-11-20\""));
    app.stop().await;
}

#[tokio::test]
async fn evidence_is_only_ever_saved() {
    let app = TestApp::start(Options::default()).await;
    let mut ann = visitor(&app, "ann", &[Role::Campaigner]).await;
    let form = fill(&mut ann, "6").await;
    let page = ann.post_file(NEW, &refs(&form), None).await;
    let path = page.location.split('?').next().unwrap().to_owned();
    let csrf = ann.get(&path).await.field("csrf");
    let post = format!("{path}/file");
    let script: &[u8] = b"<!DOCTYPE html><script>alert(1)</script>";
    let page = ann.post_file(&post, &[("csrf", &csrf)], Some(("a.html", script))).await;
    assert!(page.location.ends_with("?done=file-added"), "{}", page.location);
    let page = ann.post_file(&post, &[("csrf", &csrf)], None).await;
    assert!(page.location.ends_with("?why=file-empty"), "{}", page.location);
    let long = vec![b'x'; 20 * 1024 * 1024 + 1];
    let page = ann.post_file(&post, &[("csrf", &csrf)], Some(("a.txt", &long))).await;
    assert!(page.location.ends_with("?why=file-too-long"), "{} {}", page.status, page.location);
    let longer = vec![b'x'; 21 * 1024 * 1024];
    let page = ann.post_file(&post, &[("csrf", &csrf)], Some(("a.txt", &longer))).await;
    assert_eq!(page.status, 413);
    let page = ann.get(&path).await;
    let link = page.text.split("href=\"/staff/field/file/").nth(1).unwrap().split('"').next().unwrap();
    let file = ann.get(&format!("/staff/field/file/{link}")).await;
    let header = |name: &str| file.headers.get(name).unwrap().to_str().unwrap();
    assert_eq!((file.status, header("content-type")), (200, "application/octet-stream"));
    assert!(header("content-disposition").starts_with("attachment;"));
    assert!(header("content-security-policy").contains("sandbox"));
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(file.text.as_bytes(), script);
    app.stop().await;
}

#[tokio::test]
async fn a_file_is_checked_then_imported_then_approved() {
    let app = TestApp::start(Options::default()).await;
    let mut ann = visitor(&app, "ann", &[Role::Campaigner]).await;
    let mut bek = visitor(&app, "bek", &[Role::Campaigner]).await;
    let good = "activity,occurred_at,cc,place,covers,n_f,_uuid,_submitted_by\n\
        session,2026-11-20,TJ,Kulob,both,6,u1,mira\nsession,2026-11-20,TJ,Kulob,how,5,u2,mira\n";
    let bad = good.replace(",how,5,", ",all,five,");
    let path = "/staff/field/import";
    let csrf = ann.get(path).await.field("csrf");
    let send = |what| [("csrf", csrf.clone()), ("what", String::from(what))];
    let form = send("import");
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let page = ann.post_file(path, &form, Some(("f.csv", bad.as_bytes()))).await;
    assert_eq!(page.status, 422);
    for told in [
        "Nothing was imported",
        ">3<",
        ">covers<",
        ">all<",
        "Write one of these words: both",
        "Write digits only",
    ] {
        assert!(page.text.contains(told), "{told}: {}", page.text);
    }
    let check = send("check");
    let check: Vec<(&str, &str)> = check.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let page = ann.post_file(path, &check, Some(("f.csv", good.as_bytes()))).await;
    assert!(page.status == 200 && page.text.contains("The file is sound."), "{}", page.text);
    assert_eq!(count(&app.app.store, "field_entries").await, 0);
    let page = ann.post_file(path, &form, Some(("f.csv", good.as_bytes()))).await;
    let import =
        page.text.split("/staff/field?import=").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let list = format!("/staff/field?import={import}");
    let page = ann.get(&list).await;
    assert!(page.status == 200 && !page.text.contains("/approve\""), "{}", page.text);
    let page = bek.get(&list).await;
    let (approve, file) =
        (format!("/staff/field/import/{import}/approve"), format!("/staff/field/import/{import}/file"));
    assert!(page.text.contains(&approve), "{}", page.text);
    assert!(bek.post(&list, &approve, &[]).await.location.ends_with("why=no-evidence"));
    let csrf = page.field("csrf");
    let page = bek.post_file(&file, &[("csrf", &csrf)], Some(("lists.jpg", PHOTO))).await;
    assert!(page.location.ends_with("done=file-added"), "{}", page.location);
    assert!(bek.post(&list, &approve, &[]).await.location.ends_with("done=all-approved"));
    assert_eq!(reached(&app).await, 11);
    app.stop().await;
}

#[test]
fn every_word_of_the_field_has_a_text_in_each_language() {
    let texts = console_texts().unwrap();
    let key = |word: &str| word.replace('_', "-");
    let mut ids = BTreeSet::new();
    for kind in Kind::ALL {
        ids.insert(format!("field-kind-{}", key(kind.as_str())));
        ids.insert(format!("field-kind-hint-{}", key(kind.as_str())));
        for spec in kind.specs() {
            let by_kind = ["key", "quantity"].contains(&spec.name);
            let end = if by_kind { format!("{}-{}", spec.name, key(kind.as_str())) } else { key(spec.name) };
            ids.insert(format!("field-label-{end}"));
            if let (Shape::Word(words), "covers" | "role" | "answer" | "basis") = (spec.shape, spec.name) {
                ids.extend(words.iter().map(|word| format!("field-{}-{}", spec.name, key(word))));
            }
        }
    }
    ids.extend(STATES.map(|state| format!("field-state-{state}")));
    ids.extend(Fault::KEYS.map(|fault| format!("field-fault-{fault}")));
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["src/web/templates/staff/field", "src/web/staff/field"] {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let text = fs::read_to_string(entry.unwrap().path()).unwrap();
            for call in ["frame.t(\"", "frame.n(\"", "frame.with(\"", "frame.with2(\""] {
                ids.extend(text.split(call).skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()));
            }
        }
    }
    for list in ["done", "refused"] {
        let text = fs::read_to_string(root.join("src/web/staff/field/mod.rs")).unwrap();
        let start = if list == "done" { "const DONE" } else { "const WHY" };
        let words =
            text.split(start).nth(1).unwrap().split("];").next().unwrap().split('[').next_back().unwrap();
        ids.extend(words.split('"').skip(1).step_by(2).map(|word| format!("field-{list}-{word}")));
    }
    ids.extend(["field-refused-wrong", "nav-field"].map(str::to_owned));
    assert!(ids.len() > 150, "only {} texts found", ids.len());
    for id in &ids {
        for locale in StaffLocale::ALL {
            assert!(texts.has(locale, id), "{locale}: {id}");
        }
    }
}
