//! What was published: the list, two compared, going back, the history of a text.

use safar::{
    content::items,
    desk::Role,
    domain::{Locale, StaffId},
};

use super::{Works, house, start, text};
use crate::{
    staff::visitor::{Visitor, account},
    store::backend::{Fresh, store_contract},
    support::app::TestApp,
};

store_contract!(
    releases_are_listed_and_compared,
    an_earlier_release_comes_back_in_one_step,
    a_text_has_its_history_and_comes_back_as_a_draft,
);

const RELEASES: &str = "/staff/content/releases";

/// Two sets published one after the other; an editor and a publisher.
async fn published(app: &TestApp) -> (Works, [StaffId; 2], [i64; 3]) {
    let house = house(app);
    let ann = account(app, "ann", &[Role::Editor]).await;
    let bek = account(app, "bek", &[Role::Publisher]).await;
    let first = house.first_publication().await;
    let one = house.set_by(ann, "First words", "не требуется", false).await;
    let one = house.publish(one, ann, bek).await;
    let two = house.set_by(ann, "Second words", "не требуется вовсе", false).await;
    house.dearer(ann, two).await;
    let two = house.publish(two, ann, bek).await;
    (house, [ann, bek], [first, one, two])
}

async fn logged_in<'a>(app: &'a TestApp, login: &str) -> Visitor<'a> {
    let mut visitor = Visitor::of(app);
    visitor.log_in(login).await;
    visitor
}

async fn releases_are_listed_and_compared(fresh: Fresh) {
    let app = start(&fresh).await;
    let (_, _, [first, one, two]) = published(&app).await;
    let mut editor = logged_in(&app, "ann").await;
    let list = editor.get(RELEASES).await;
    let place = |piece: &str| list.text.find(piece).unwrap_or_else(|| panic!("{piece}: {}", list.text));
    // The newest first, with who wrote and who published.
    assert!(place("Second words") < place("First words"), "{}", list.text);
    assert!(place("First words") < place("Came with the program"));
    for piece in ["Name of ann", "Name of bek", "4 changes", "3 changes", "in force"] {
        place(piece);
    }
    assert!(!list.text.contains("/revert"), "an editor does not go back");
    let page = editor.get(&format!("{RELEASES}/{two}")).await;
    for piece in ["<del>1500</del><ins>1900</ins>", "<ins> вовсе</ins>", "Second words", "Name of ann"] {
        assert!(page.text.contains(piece), "{piece}: {}", page.text);
    }
    let page = editor.get(&format!("{RELEASES}/{first}")).await;
    assert!(page.text.contains("This is the first release"), "{}", page.text);
    // Any two, by language.
    let compare = format!("/staff/content/compare?old={first}&new={two}");
    let all = editor.get(&compare).await;
    assert!(all.text.contains("All (4)") && all.text.contains("Русский (1)"), "{}", all.text);
    assert!(all.text.contains("<ins>требуется вовсе</ins>") && all.text.contains("<ins>1900</ins>"));
    let tajik = editor.get(&format!("{compare}&of=tg")).await;
    assert!(!tajik.text.contains("<ins>1900</ins>") && tajik.text.contains("lang=\"tg\""), "{}", tajik.text);
    let rest = editor.get(&format!("{compare}&of=rest")).await;
    assert!(rest.text.contains("<ins>1900</ins>") && !rest.text.contains("<ins>требуется"), "{}", rest.text);
    let same = editor.get(&format!("/staff/content/compare?old={one}&new={one}")).await;
    assert!(same.text.contains("There is no difference"), "{}", same.text);
}

async fn an_earlier_release_comes_back_in_one_step(fresh: Fresh) {
    let app = start(&fresh).await;
    let (house, [ann, bek], [first, one, two]) = published(&app).await;
    let mut publisher = logged_in(&app, "bek").await;
    assert!(publisher.get(RELEASES).await.text.contains(&format!("{RELEASES}/{first}/revert")));
    let path = format!("{RELEASES}/{one}/revert");
    let page = publisher.get(&path).await;
    // What it would change is told before.
    for piece in ["<del>1900</del><ins>1500</ins>", "<del> вовсе</del>", "What it would change"] {
        assert!(page.text.contains(piece), "{piece}: {}", page.text);
    }
    let standing = publisher.get(&format!("{RELEASES}/{one}/standing")).await;
    assert!(standing.text.contains("Nobody has these pages"), "{}", standing.text);
    let seen = page.field("now");
    assert_eq!(seen, two.to_string());
    // Something was published since: the old page changes nothing and shows the new difference.
    let third = house.set_by(ann, "Third words", "не нужен никому", false).await;
    let third = house.publish(third, ann, bek).await;
    let csrf = page.field("csrf");
    let old = [("csrf", csrf.as_str()), ("now", seen.as_str())];
    let refused = publisher.post_raw(&path, &old).await;
    assert!(
        refused.status == 422 && refused.text.contains("Something changed meanwhile"),
        "{}",
        refused.text
    );
    assert!(refused.text.contains("никому"), "{}", refused.text);
    assert!(house.russian("rule-kyrgyz").await.contains("никому"));
    house.clock.advance_ms(1_000);
    let now = third.to_string();
    let back = publisher.post(&path, &path, &[("now", now.as_str())]).await;
    assert_eq!((back.status, back.location.as_str()), (303, "/staff/content/releases?did=reverted"));
    let russian = house.russian("rule-kyrgyz").await;
    assert!(russian.contains("не требуется") && !russian.contains("вовсе"), "{russian}");
    let list = publisher.get(&back.location).await;
    assert!(list.text.contains("Published again") && list.text.contains("Went back"), "{}", list.text);
    // It is in force: there is nothing to go back to.
    let newest = house.releases.publications(1).await.unwrap()[0].id;
    let page = publisher.get(&path).await;
    assert!(
        page.text.contains("This is what is in force now")
            && !page.text.contains("<form method=\"post\" action=\"/staff/content")
    );
    let now = newest.to_string();
    let again = publisher.post(RELEASES, &path, &[("now", now.as_str())]).await;
    assert!(again.status == 422 && again.text.contains("Nothing is changed"), "{}", again.text);
    assert_eq!(house.trail().await.iter().filter(|verb| *verb == "content-reverted").count(), 1);
    assert_eq!(publisher.get(&format!("{RELEASES}/7/revert")).await.status, 404);
}

async fn a_text_has_its_history_and_comes_back_as_a_draft(fresh: Fresh) {
    let app = start(&fresh).await;
    let (house, _, [first, one, two]) = published(&app).await;
    let mut editor = logged_in(&app, "ann").await;
    let path = "/staff/content/item/node%3Arule-kyrgyz/history";
    let page = editor.get(path).await;
    let place = |piece: &str| page.text.find(piece).unwrap_or_else(|| panic!("{piece}: {}", page.text));
    assert!(place("Second words") < place("First words"));
    for piece in
        ["<ins> вовсе</ins>", "<ins>требуется</ins>", "Name of ann", "Name of bek", "s1", "lang=\"ky\""]
    {
        place(piece);
    }
    // The history of a text is that of its node.
    assert!(
        editor.get("/staff/content/item/text%3Atg%3Arule-kyrgyz/history").await.text.contains("Second words")
    );
    let page = editor.get("/staff/content/item/figure%3Afee%3A%3A2025-01-01/history").await;
    assert!(page.text.contains("<del>1500</del><ins>1900</ins>"), "{}", page.text);
    let page = editor.get("/staff/content/item/node%3Agoodbye/history").await;
    assert!(page.text.contains("Nothing has changed here"), "{}", page.text);
    // The text before all of it, as a draft of a new set; its words are those of the first release.
    let (first, one, two) = (first.to_string(), one.to_string(), two.to_string());
    let key = "text:ru:rule-kyrgyz";
    let now = [("publication", two.as_str()), ("item", key), ("set", "new")];
    let refused = editor.post(path, path, &now).await;
    assert!(refused.status == 422 && refused.text.contains("Nothing is changed"), "{}", refused.text);
    assert_eq!(house.studio.sets().await.unwrap().0.len(), 0, "no empty set is left behind");
    let old = [("publication", first.as_str()), ("item", key), ("set", "new")];
    let restored = editor.post(path, path, &old).await;
    assert_eq!(restored.status, 303, "{}", restored.text);
    let (set, _) = house.studio.sets().await.unwrap().0.remove(0);
    assert!(restored.location.starts_with(&format!("/staff/content/sets/{}?", set.id)));
    let view = house.studio.set(set.id).await.unwrap();
    let draft = view.draft(&text(Locale::Ru, "rule-kyrgyz")).unwrap();
    let small = crate::check::folder("content-small");
    let before = items::item(&small, &draft.change.key).unwrap().source;
    assert_eq!(draft.change.new.as_deref(), Some(before));
    let page = editor.get(path).await;
    assert!(page.text.contains("Being changed now") && page.text.contains(&set.title), "{}", page.text);
    // A draft that is there is not written over.
    let into = set.id.to_string();
    let other = [("publication", one.as_str()), ("item", key), ("set", into.as_str())];
    let refused = editor.post(path, path, &other).await;
    assert!(
        refused.status == 422 && refused.text.contains("has a draft in that change set"),
        "{}",
        refused.text
    );
    assert_eq!(house.studio.set(set.id).await.unwrap().drafts.len(), 1);
    for wrong in [
        [("publication", "5"), ("item", key), ("set", "new")],
        [("publication", one.as_str()), ("item", "text:ru:nothing"), ("set", "new")],
        [("publication", one.as_str()), ("item", key), ("set", "77")],
    ] {
        assert_eq!(editor.post(path, path, &wrong).await.status, 404, "{wrong:?}");
    }
}
