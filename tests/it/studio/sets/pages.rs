//! Sets on their way: who sees and does what, words that changed, findings, clashes.

use safar::{
    content::items::{self, ItemKey},
    desk::Role,
    domain::{Locale, StaffId},
    studio::SetState,
};

use super::{Works, house, later, start, text};
use crate::{
    staff::visitor::{Visitor, account},
    store::backend::{Fresh, store_contract},
    support::app::TestApp,
};

store_contract!(
    each_role_may_do_its_part,
    a_set_goes_its_way_on_the_pages,
    who_worked_on_a_set_does_not_approve_it,
    findings_are_told_with_their_place,
    a_clash_is_resolved_on_the_page,
    people_who_stand_there_are_counted,
);

const SETS: &str = "/staff/content/sets";

async fn people(app: &TestApp) -> [StaffId; 3] {
    [
        account(app, "ann", &[Role::Editor]).await,
        account(app, "bek", &[Role::Publisher]).await,
        account(app, "cholpon", &[Role::Publisher]).await,
    ]
}

async fn logged_in<'a>(app: &'a TestApp, login: &str) -> Visitor<'a> {
    let mut visitor = Visitor::of(app);
    visitor.log_in(login).await;
    visitor
}

async fn each_role_may_do_its_part(fresh: Fresh) {
    let app = start(&fresh).await;
    let house = house(&app);
    let [ann, ..] = people(&app).await;
    account(&app, "con", &[Role::Consultant]).await;
    account(&app, "root", &[Role::Admin]).await;
    let set = house.set_by(ann, "Kyrgyz rule", "не требуется", false).await;
    let path = format!("{SETS}/{set}");
    let first = house.first_publication().await;
    let mut stranger = Visitor::of(&app);
    let mut consultant = logged_in(&app, "con").await;
    let all = [
        SETS.to_owned(),
        path.clone(),
        format!("{path}/state"),
        format!("{path}/findings"),
        format!("{path}/standing"),
        "/staff/content/releases".to_owned(),
        format!("/staff/content/releases/{first}"),
        format!("/staff/content/releases/{first}/standing"),
        format!("/staff/content/compare?old={first}&new={first}"),
        "/staff/content/item/node:rule/history".to_owned(),
    ];
    for page in &all {
        assert_eq!(stranger.get(page).await.status, 303, "{page}");
        assert_eq!(consultant.get(page).await.status, 403, "{page}");
    }
    // An administrator reads, and finds no form of the studio.
    let mut root = logged_in(&app, "root").await;
    root.enrol().await;
    for page in &all {
        let answer = root.get(page).await;
        assert_eq!(answer.status, 200, "{page}");
        assert!(!answer.text.contains("method=\"post\" action=\"/staff/content"), "{page}: {}", answer.text);
    }
    for action in ["send", "approve", "send-back", "take-back", "withdraw", "remark", "describe", "resolve"] {
        let path = format!("{path}/{action}");
        assert_eq!(root.post("/staff/account", &path, &[("text", "x")]).await.status, 403, "{action}");
    }
    // An editor writes and does not publish.
    let mut editor = logged_in(&app, "ann").await;
    for action in ["approve", "send-back"] {
        let answer = editor.post(&path, &format!("{path}/{action}"), &[("text", "x")]).await;
        assert_eq!(answer.status, 403, "{action}");
    }
    let revert = format!("/staff/content/releases/{first}/revert");
    assert_eq!(editor.get(&revert).await.status, 403);
    assert_eq!(editor.post(&path, &revert, &[("now", "1")]).await.status, 403);
    // Forms without the token, or of what is not there, change nothing.
    assert_eq!(editor.post_raw(&format!("{path}/send"), &[("csrf", "forged")]).await.status, 403);
    assert_eq!(editor.post_raw(&format!("{path}/withdraw"), &[]).await.status, 403);
    for other in ["77", "x", "-1", "99999999999999999999"] {
        assert_eq!(editor.get(&format!("{SETS}/{other}")).await.status, 404, "{other}");
        assert_eq!(editor.post(&path, &format!("{SETS}/{other}/send"), &[]).await.status, 404, "{other}");
    }
    assert_eq!(editor.post(&path, &format!("{path}/explode"), &[]).await.status, 404);
    for page in ["/staff/content/item/nothing/history", "/staff/content/item/node:none/history"] {
        assert_eq!(editor.get(page).await.status, 404, "{page}");
    }
    assert_eq!(editor.get("/staff/content/releases/5").await.status, 404);
    assert_eq!(editor.get("/staff/content/compare?old=5&new=x").await.status, 404);
    assert_eq!(house.studio.set(set).await.unwrap().set.state, SetState::Draft);
    // A remark of another set is not settled from this one.
    let second = house.studio.open(ann, "Another").await.unwrap();
    house.studio.remark(ann, second, None, "Of the other").await.unwrap();
    let remark = house.studio.set(second).await.unwrap().remarks[0].id.to_string();
    let answer = editor.post(&path, &format!("{path}/settle"), &[("remark", remark.as_str())]).await;
    assert_eq!(answer.status, 404);
    assert_eq!(house.studio.set(second).await.unwrap().remarks[0].settled_by, None);
}

async fn a_set_goes_its_way_on_the_pages(fresh: Fresh) {
    let app = start(&fresh).await;
    let house = house(&app);
    let [ann, _, cholpon] = people(&app).await;
    let mut editor = logged_in(&app, "ann").await;
    let refused = editor.post(SETS, SETS, &[("title", "  ")]).await;
    assert!(refused.status == 422 && refused.text.contains("Write a title"), "{}", refused.text);
    let opened = editor.post(SETS, SETS, &[("title", "Rule <b>of</b> Kyrgyzstan")]).await;
    assert_eq!(opened.status, 303);
    let (path, _) = opened.location.split_once('?').unwrap();
    let path = path.to_owned();
    let id = safar::domain::ChangeSetId(path.rsplit('/').next().unwrap().parse().unwrap());
    // What people type is text, never markup.
    let page = editor.get(&opened.location).await;
    assert!(page.text.contains("The change set is open.") && !page.text.contains("<b>of</b>"));
    assert!(page.text.contains("Nothing is changed yet."), "{}", page.text);
    // Changed by the service, as the forms of items do.
    let (rule, node) = (text(Locale::Ru, "rule-kyrgyz"), ItemKey::Node("rule-kyrgyz".into()));
    let edit = house.edit(&rule, |source| source.replace("не нужен", "не требуется")).await;
    let tree = house
        .edit(&node, |source| source.replace("reviewed = \"2026-10-01\"", "reviewed = \"2026-11-20\""))
        .await;
    house.studio.save(ann, id, vec![edit, tree]).await.unwrap();
    house.dearer(ann, id).await;
    for locale in [Locale::Tg, Locale::Ky] {
        let edit = house.edit(&text(locale, "rule-kyrgyz"), |source| format!("{source}!")).await;
        house.studio.save(ann, id, vec![edit]).await.unwrap();
    }
    let page = editor.get(&path).await;
    for piece in [
        "<del>нужен</del>",
        "<ins>требуется</ins>",
        "Нужен ли патент гражданам Кыргызстана?",
        "<del>1500</del><ins>1900</ins>",
        "Date of the source",
        "Таджик",
        "5 changes",
        "/staff/content/item/node%3Arule-kyrgyz/edit?set=",
        "/staff/content/preview/rule-kyrgyz?set=",
        "/staff/content/item/figure%3Afee%3A%3A2025-01-01/history",
    ] {
        let found = page.text.contains(piece) || (piece == "Таджик" && page.text.contains("Тоҷикӣ"));
        assert!(found, "{piece}: {}", page.text);
    }
    // A node's table is told by its fields, not as it stands in the file.
    let told = page.text.split("<details>").next().unwrap();
    assert!(!told.contains("reviewed ="), "{told}");
    let describe = format!("{path}/describe");
    let fields = [("title", "Kyrgyz rule"), ("summary", "Said more clearly, and the fee of 2026")];
    assert_eq!(editor.post(&path, &describe, &fields).await.status, 303);
    let long = "х".repeat(2_001);
    let answer = editor.post(&path, &describe, &[("title", "Kyrgyz rule"), ("summary", long.as_str())]).await;
    assert!(answer.status == 422 && answer.text.contains(&long), "what was typed stays");
    let sent = editor.post(&path, &format!("{path}/send"), &[]).await;
    assert_eq!((sent.status, sent.location), (303, format!("{path}?did=send")));
    // In review it stands still; the editor cannot decide.
    let page = editor.get(&path).await;
    assert!(
        page.text.contains("waits for a publisher") && !page.text.contains("/approve\""),
        "{}",
        page.text
    );
    let mut publisher = logged_in(&app, "cholpon").await;
    let list = publisher.get(SETS).await;
    let (waiting, _) = list.text.split_once("Kyrgyz rule").unwrap();
    assert!(waiting.contains("Waiting for review") && !waiting.contains("Drafts"), "{waiting}");
    let page = publisher.get(&path).await;
    assert!(page.text.contains("Said more clearly") && page.text.contains("/approve\""), "{}", page.text);
    let key = "text:ru:rule-kyrgyz";
    let remark = [("item", key), ("text", "Which law says so?")];
    let said = publisher.post(&path, &format!("{path}/remark"), &remark).await;
    assert_eq!(said.location, format!("{path}?did=remark#text-ru-rule-kyrgyz"));
    let unknown = [("item", "text:ru:home"), ("text", "Not of this set")];
    assert_eq!(publisher.post(&path, &format!("{path}/remark"), &unknown).await.status, 404);
    let back = format!("{path}/send-back");
    assert_eq!(publisher.post(&path, &back, &[("text", " ")]).await.status, 422);
    assert_eq!(publisher.post(&path, &back, &[("text", "A source, please")]).await.status, 303);
    let page = editor.get(&path).await;
    assert!(page.text.contains("Which law says so?") && page.text.contains("A source, please"));
    assert!(page.text.contains("Name of cholpon"), "{}", page.text);
    let remark = house.studio.set(id).await.unwrap().remarks[0].id.to_string();
    assert_eq!(editor.post(&path, &format!("{path}/settle"), &[("remark", &remark)]).await.status, 303);
    assert_eq!(editor.post(&path, &format!("{path}/send"), &[]).await.status, 303);
    // At a time: one that is over is refused and stays in its field.
    let approve = format!("{path}/approve");
    let past = later(&app, -60_000);
    let answer = publisher.post(&path, &approve, &[("timed", "true"), ("at", past.as_str())]).await;
    assert!(answer.status == 422 && answer.text.contains("over already") && answer.text.contains(&past));
    let answer = publisher.post(&path, &approve, &[("timed", "true"), ("at", "soon")]).await;
    assert_eq!(answer.status, 422);
    let soon = later(&app, 3_600_000);
    let answer = publisher.post(&path, &approve, &[("timed", "true"), ("at", soon.as_str())]).await;
    assert_eq!(answer.location, format!("{path}?did=approve"));
    let page = publisher.get(&path).await;
    assert!(page.text.contains("To be published on 28.11.2026 12:00"), "{}", page.text);
    let set = house.studio.set(id).await.unwrap().set;
    assert_eq!(set.publish_at, Some(house.at(3_600_000)));
    assert_eq!(editor.post(&path, &format!("{path}/take-back"), &[]).await.status, 303);
    assert_eq!(editor.post(&path, &format!("{path}/send"), &[]).await.status, 303);
    // An old page of the publisher's cannot approve what is at another step.
    assert_eq!(publisher.post(&path, &approve, &[]).await.location, format!("{path}?did=published"));
    assert!(house.russian("rule-kyrgyz").await.contains("не требуется"));
    let again = publisher.post(SETS, &approve, &[]).await;
    assert!(again.status == 422 && again.text.contains("another step"), "{}", again.text);
    let page = publisher.get(&path).await;
    assert!(!page.text.contains("<form method=\"post\" action=\"/staff/content"), "{}", page.text);
    let published = house.releases.publications(1).await.unwrap().remove(0);
    assert_eq!((published.set, published.staff), (Some(id), Some(cholpon)));
    assert!(page.text.contains(&format!("/staff/content/releases/{}", published.id)));
    let verbs = house.trail().await;
    for verb in ["set-opened", "set-sent", "remark-made", "set-returned", "set-approved", "set-published"] {
        assert!(verbs.iter().any(|own| own == verb), "{verb}: {verbs:?}");
    }
}

async fn who_worked_on_a_set_does_not_approve_it(fresh: Fresh) {
    let app = start(&fresh).await;
    let house = house(&app);
    let [ann, bek, _] = people(&app).await;
    let set = house.set_by(ann, "Kyrgyz rule", "не требуется", false).await;
    house.dearer(bek, set).await;
    house.studio.send(ann, set).await.unwrap();
    let path = format!("{SETS}/{set}");
    let mut own = logged_in(&app, "bek").await;
    let page = own.get(&path).await;
    assert!(page.text.contains("another publisher must decide") && !page.text.contains("/approve\""));
    let answer = own.post(&path, &format!("{path}/approve"), &[]).await;
    assert!(answer.status == 422 && answer.text.contains("Another person must review"), "{}", answer.text);
    assert_eq!(house.studio.set(set).await.unwrap().set.state, SetState::Review);
    let mut other = logged_in(&app, "cholpon").await;
    assert_eq!(other.post(&path, &format!("{path}/approve"), &[]).await.status, 303);
    // A set that was withdrawn stays readable.
    let second = house.set_by(ann, "Second", "не нужен совсем", true).await;
    let path = format!("{SETS}/{second}");
    assert_eq!(other.post(&path, &format!("{path}/withdraw"), &[]).await.status, 303);
    let page = other.get(&path).await;
    assert!(page.text.contains("given up") && page.text.contains("<ins>"), "{}", page.text);
    let answer = other.post(SETS, &format!("{path}/send"), &[]).await;
    assert_eq!(answer.status, 422);
}

async fn findings_are_told_with_their_place(fresh: Fresh) {
    let app = start(&fresh).await;
    let house = house(&app);
    let [ann, ..] = people(&app).await;
    let set = house.set_by(ann, "Russian alone", "не требуется", true).await;
    let path = format!("{SETS}/{set}");
    let mut editor = logged_in(&app, "ann").await;
    // Until somebody asks, the page does not wait for the check; then it shows what was found.
    assert!(editor.get(&path).await.text.contains(&format!("hx-get=\"{path}/findings\"")));
    let page = editor.get(&format!("{path}/findings")).await;
    assert!(
        page.text.contains("<html") && page.text.contains("2 warnings that this set brings"),
        "{}",
        page.text
    );
    assert!(page.text.contains("/staff/content/item/text%3Atg%3Arule-kyrgyz/edit?set="), "{}", page.text);
    editor.headers.insert("hx-request", "true".to_owned());
    let piece = editor.get(&format!("{path}/findings")).await;
    assert!(!piece.text.contains("<html") && piece.text.contains("2 warnings"), "{}", piece.text);
    let badge = editor.get(&format!("{path}/state")).await;
    assert!(badge.text.contains("2 open warnings") && !badge.text.contains("<html"), "{}", badge.text);
    editor.headers.clear();
    let page = editor.get(&path).await;
    assert!(!page.text.contains(&format!("hx-get=\"{path}/findings\"")), "{}", page.text);
    let send = format!("{path}/send");
    let refused = editor.post(&path, &send, &[]).await;
    assert!(refused.status == 422 && refused.text.contains("without a reason"), "{}", refused.text);
    let reason = format!("{path}/reason");
    let forged = [("finding", "00"), ("text", "So what")];
    assert_eq!(editor.post(&path, &reason, &forged).await.status, 404);
    let checked = house.studio.check(set).await.unwrap();
    let hashes: Vec<String> = checked.warnings().map(|found| found.hash.clone()).collect();
    let empty = [("finding", hashes[0].as_str()), ("text", "")];
    assert_eq!(editor.post(&path, &reason, &empty).await.status, 422);
    for hash in &hashes {
        let why = [("finding", hash.as_str()), ("text", "The translators answer <i>tomorrow</i>")];
        assert_eq!(editor.post(&path, &reason, &why).await.status, 303);
    }
    let page = editor.get(&path).await;
    assert!(page.text.contains("The translators answer &#60;i&#62;tomorrow"), "{}", page.text);
    // An error keeps it back, and is told with its place.
    let key = text(Locale::Ru, "rule-kyrgyz");
    let draft = house.studio.set(set).await.unwrap().draft(&key).unwrap().clone();
    let broken = safar::studio::Edit {
        source: draft.change.new.map(|source| source.replace(".text = ", ".text = { FIGURE(\"none\") } ")),
        seen: Some(draft.version),
        ..house.edit(&key, str::to_owned).await
    };
    house.studio.save(ann, set, vec![broken]).await.unwrap();
    let refused = editor.post(&path, &send, &[]).await;
    assert!(refused.status == 422 && refused.text.contains("There are errors"), "{}", refused.text);
    // The figure is not known, and the languages name different ones.
    let errors = format!("{} errors", house.studio.check(set).await.unwrap().errors().count());
    assert!(refused.text.contains(&errors), "{errors}: {}", refused.text);
    assert!(refused.text.contains("locales/ru/content/small.ftl:"), "{}", refused.text);
    let badge = editor.get(&format!("{path}/state")).await;
    assert!(badge.text.contains("badge bad") && badge.text.contains(&errors), "{}", badge.text);
    // A change that is taken out of the set is a draft no more.
    let drop = format!("{path}/drop");
    let old = [("item", "text:ru:rule-kyrgyz"), ("version", "1")];
    assert_eq!(editor.post(&path, &drop, &old).await.status, 422);
    let seen = [("item", "text:ru:rule-kyrgyz"), ("version", "2")];
    assert_eq!(editor.post(&path, &drop, &seen).await.status, 303);
    assert!(house.studio.set(set).await.unwrap().drafts.is_empty());
}

/// Two sets of one text; the quick one is published.
async fn clashing(house: &Works, [ann, bek, _]: [StaffId; 3]) -> safar::domain::ChangeSetId {
    let slow = house.set_by(ann, "Slow", "не нужен (медленно)", true).await;
    let quick = house.set_by(ann, "Quick", "не нужен (быстро)", false).await;
    house.publish(quick, ann, bek).await;
    slow
}

async fn a_clash_is_resolved_on_the_page(fresh: Fresh) {
    let app = start(&fresh).await;
    let house = house(&app);
    let people = people(&app).await;
    let set = clashing(&house, people).await;
    let path = format!("{SETS}/{set}");
    let resolve = format!("{path}/resolve");
    let mut editor = logged_in(&app, "ann").await;
    let refused = editor.post(&path, &format!("{path}/send"), &[]).await;
    assert!(refused.status == 422 && refused.text.contains("Compare both"), "{}", refused.text);
    let page = editor.get(&path).await;
    for piece in ["Published meanwhile", "быстро", "медленно", "Take the set", "Leave what is published"]
    {
        assert!(page.text.contains(piece), "{piece}: {}", page.text);
    }
    let badge = editor.get(&format!("{path}/state")).await;
    assert!(badge.text.contains("1 text was published meanwhile"), "{}", badge.text);
    assert!(editor.get(&format!("{path}/findings")).await.text.contains("Texts were published meanwhile"));
    let (seen, version) = (page.field("seen"), "1");
    let form = |seen: &'static str, version: &'static str, choose: &'static str| {
        vec![("item", "text:ru:rule-kyrgyz"), ("seen", seen), ("version", version), ("choose", choose)]
    };
    // A page that saw another text, another draft, or chose nothing changes nothing.
    let seen: &'static str = seen.leak();
    for wrong in [form("t00", version, "mine"), form(seen, "7", "mine"), form(seen, version, "")] {
        assert_eq!(editor.post(&path, &resolve, &wrong).await.status, 422, "{wrong:?}");
    }
    let other = [("item", "text:ru:home"), ("seen", seen), ("version", version), ("choose", "mine")];
    assert_eq!(editor.post(&path, &resolve, &other).await.status, 404);
    let mut both = form(seen, version, "both");
    both.extend([
        ("name", "value"),
        ("text", "Нужен ли патент кыргызстанцам?"),
        ("name", "text"),
        ("text", "Нет, патент не нужен (быстро и медленно).\r\n\r\n*Совсем.*"),
    ]);
    assert_eq!(editor.post(&path, &resolve, &both).await.status, 303);
    let view = house.studio.set(set).await.unwrap();
    let source = view.draft(&text(Locale::Ru, "rule-kyrgyz")).unwrap().change.new.clone().unwrap();
    let message = items::Message::read(&source).unwrap();
    assert_eq!(message.get(None), Some("Нужен ли патент кыргызстанцам?"));
    assert_eq!(message.get(Some("text")), Some("Нет, патент не нужен (быстро и медленно).\n\n*Совсем.*"));
    assert_eq!(message.get(Some("button")), Some("Кыргызстан"));
    assert_eq!(house.studio.clashes(&view).await.unwrap(), []);
    assert!(!editor.get(&path).await.text.contains("id=\"clashes\""));
    // Or what is published stays: then the set changes nothing here.
    let [ann, bek, _] = people;
    let quick = house.set_by(ann, "Quicker", "не нужен (быстрее)", true).await;
    let hashes: Vec<String> =
        house.studio.check(quick).await.unwrap().warnings().map(|found| found.hash.clone()).collect();
    for hash in hashes {
        house.studio.give_reason(ann, quick, &hash, "Later").await.unwrap();
    }
    house.publish(quick, ann, bek).await;
    let seen: &'static str = editor.get(&path).await.field("seen").leak();
    assert_eq!(editor.post(&path, &resolve, &form(seen, "2", "published")).await.status, 303);
    assert!(house.studio.set(set).await.unwrap().drafts.is_empty());
}

async fn people_who_stand_there_are_counted(fresh: Fresh) {
    let app = start(&fresh).await;
    let house = house(&app);
    let [ann, ..] = people(&app).await;
    for id in [1, 2] {
        let contact =
            format!("insert into contacts (id, channel, source, created_at) values ({id}, 'web', 'bot', 0)");
        let session = format!(
            "insert into sessions (contact_id, state, reachable, last_inbound_at, updated_at)
            values ({id}, '{{\"v\":1,\"n\":\"rule-kyrgyz\"}}', true, 0, 0)"
        );
        crate::support::sql::run(&house.store, &contact).await;
        crate::support::sql::run(&house.store, &session).await;
    }
    let set = house.set_by(ann, "Kyrgyz rule", "не требуется", false).await;
    let path = format!("{SETS}/{set}/standing");
    let mut editor = logged_in(&app, "ann").await;
    let page = editor.get(&path).await;
    assert!(page.text.contains("<html") && page.text.contains("2 people"), "{}", page.text);
    assert!(page.text.contains("Нужен ли патент гражданам Кыргызстана?"), "{}", page.text);
    assert!(page.text.contains("The page stays"), "{}", page.text);
    editor.headers.insert("hx-request", "true".to_owned());
    assert!(!editor.get(&path).await.text.contains("<html"));
    let other = house.studio.open(ann, "Other").await.unwrap();
    house.dearer(ann, other).await;
    let page = editor.get(&format!("{SETS}/{other}/standing")).await;
    assert!(page.text.contains("Nobody has these pages"), "{}", page.text);
}
