//! What staff do with the content, on both databases.

use safar::{
    content::items::{self, Change, ItemKey},
    domain::{Locale, NodeId, RemarkId, Timestamp},
    studio::{SetState, Wrong},
};

use super::{ANN, BEK, CHOLPON, House, text, wrong};
use crate::{
    store::backend::{Fresh, store_contract},
    support::sql::texts,
};

store_contract!(
    a_set_goes_from_draft_to_release,
    nobody_writes_over_another,
    a_text_that_was_published_meanwhile_clashes,
    nothing_with_an_error_goes_on_and_warnings_need_a_reason,
    a_set_is_published_at_its_time,
    what_cannot_be_published_at_its_time_goes_back,
    an_earlier_publication_runs_again,
    who_stands_where_is_known_before,
    those_who_look_see_each_other,
    a_removed_node_needs_an_heir,
);

async fn a_set_goes_from_draft_to_release(fresh: Fresh) {
    let house = House::on(&fresh).await;
    let studio = &house.studio;
    assert_eq!(wrong(studio.open(ANN, "  ").await), Wrong::Title);
    let set = house.set_of("no such words", "мисол").await;
    // Nothing of the Russian changed: it has no draft.
    assert_eq!(studio.set(set).await.unwrap().drafts.len(), 2);
    let key = text(Locale::Ru, "rule-kyrgyz");
    let edit = house.edit(&key, |source| source.replace("не нужен", "не нужен вовсе")).await;
    assert_ne!(edit.base, edit.source);
    let saved = studio.save(ANN, set, vec![edit.clone()]).await.unwrap();
    assert_eq!(saved[0].version, Some(1));
    // The Russian changed after its translations: they are stale until somebody confirms them.
    let stale = |found: &safar::studio::Found| found.finding.code == "translation-stale";
    let checked = studio.check(set).await.unwrap();
    assert_eq!(checked.warnings().filter(|found| stale(found)).count(), 2);
    assert_eq!(checked.errors().count(), 0, "{:?}", checked.found);
    let view = studio.set(set).await.unwrap();
    let russian = edit.source.clone().unwrap();
    for locale in [Locale::Tg, Locale::Ky] {
        let draft = view.draft(&text(locale, "rule-kyrgyz")).unwrap();
        let source = safar::check::marked(draft.change.new.as_deref().unwrap(), &russian);
        assert!(safar::check::is_marked(&source, &russian));
        let confirmed = safar::studio::Edit {
            source: Some(source),
            seen: Some(draft.version),
            ..house.edit(&draft.change.key, str::to_owned).await
        };
        studio.save(BEK, set, vec![confirmed]).await.unwrap();
    }
    assert_eq!(studio.check(set).await.unwrap().warnings().count(), 0);
    studio.describe(set, "Kyrgyz rule", "Said more clearly").await.unwrap();
    studio.send(ANN, set).await.unwrap();
    // What is in review stands still, and whoever worked on it does not approve it.
    assert_eq!(wrong(studio.save(ANN, set, vec![edit.clone()]).await), Wrong::State(SetState::Review));
    for own in [ANN, BEK] {
        assert_eq!(wrong(studio.approve(own, set, None).await), Wrong::Own);
    }
    assert_eq!(wrong(studio.send_back(CHOLPON, set, " ").await), Wrong::Text);
    studio.remark(CHOLPON, set, Some(&key), "Which law says so?").await.unwrap();
    studio.send_back(CHOLPON, set, "A source, please").await.unwrap();
    let view = studio.set(set).await.unwrap();
    assert_eq!(view.set.state, SetState::Draft);
    assert_eq!(
        view.remarks.iter().map(|remark| remark.text.as_str()).collect::<Vec<_>>(),
        ["Which law says so?", "A source, please"]
    );
    studio.settle(ANN, set, view.remarks[0].id).await.unwrap();
    assert_eq!(wrong(studio.settle(ANN, set, view.remarks[0].id).await), Wrong::NotFound);
    assert_eq!(wrong(studio.settle(ANN, set, RemarkId(5)).await), Wrong::NotFound);
    studio.send(ANN, set).await.unwrap();
    let before = house.files().await;
    let release = studio.approve(CHOLPON, set, None).await.unwrap().expect("published");
    assert_eq!(house.releases.current().id, release);
    let after = house.files().await;
    assert_eq!(items::item(&after, &key).unwrap().source, russian);
    assert_eq!(items::diff(&before, &after).len(), 3);
    let view = studio.set(set).await.unwrap();
    assert_eq!(view.set.state, SetState::Published);
    // Who wrote what stands in the history.
    let history = studio.history(&key, 10).await.unwrap();
    assert_eq!(
        (history[0].what.as_str(), history[0].edited_by, history[0].staff_id),
        ("changed", Some(ANN), Some(CHOLPON))
    );
    assert_eq!(history[0].set_id, Some(set.0));
    assert_eq!(studio.history(&text(Locale::Tg, "rule-kyrgyz"), 10).await.unwrap()[0].edited_by, Some(BEK));
    assert_eq!(studio.changed_by(view.set.publication.unwrap()).await.unwrap().len(), 3);
    assert_eq!(
        house.trail().await,
        [
            "set-opened",
            "item-edited",
            "item-edited",
            "item-edited",
            "item-edited",
            "item-edited",
            "set-sent",
            "remark-made",
            "set-returned",
            "set-sent",
            "set-approved",
            "set-published",
        ]
    );
    let (open, closed) = studio.sets().await.unwrap();
    assert_eq!((open.len(), closed.len()), (0, 1));
    assert_eq!(wrong(studio.withdraw(ANN, set).await), Wrong::State(SetState::Published));
}

async fn nobody_writes_over_another(fresh: Fresh) {
    let house = House::on(&fresh).await;
    let studio = &house.studio;
    let set = studio.open(ANN, "Two at once").await.unwrap();
    let key = text(Locale::Ru, "rule");
    let from_ann = house.edit(&key, |source| source.replace("патент", "патент (Анна)")).await;
    let from_bek = house.edit(&key, |source| source.replace("патент", "патент (Бек)")).await;
    let first = studio.save(ANN, set, vec![from_ann.clone()]).await.unwrap();
    // Bek's page knows of no draft.
    let Wrong::Overtaken(Some(theirs)) = wrong(studio.save(BEK, set, vec![from_bek.clone()]).await) else {
        panic!("Ann's draft is lost");
    };
    assert_eq!((theirs.source.as_ref(), theirs.edited_by), (from_ann.source.as_ref(), ANN));
    // He has seen it, and goes on from there.
    let seen = safar::studio::Edit { seen: first[0].version, ..from_bek.clone() };
    assert_eq!(studio.save(BEK, set, vec![seen]).await.unwrap()[0].version, Some(2));
    // All or none: the second edit of Ann's is refused, so the first is not saved.
    let other = house.edit(&text(Locale::Ru, "home"), |source| source.replace("home = ", "home = Ха ")).await;
    assert!(matches!(wrong(studio.save(ANN, set, vec![other.clone(), from_ann]).await), Wrong::Overtaken(_)));
    assert_eq!(studio.set(set).await.unwrap().drafts.len(), 1);
    // A draft of another set is another draft.
    let second = studio.open(BEK, "Another").await.unwrap();
    studio.save(BEK, second, vec![from_bek.clone()]).await.unwrap();
    assert_eq!(studio.drafts_of(&key).await.unwrap().len(), 2);
    // Back to what is published: no draft any more.
    let back = safar::studio::Edit { source: from_bek.base.clone(), seen: Some(1), ..from_bek };
    assert_eq!(studio.save(BEK, second, vec![back]).await.unwrap()[0].version, None);
    assert_eq!(studio.drafts_of(&key).await.unwrap().len(), 1);
    assert!(matches!(wrong(studio.drop_draft(ANN, set, &key, 1).await), Wrong::Overtaken(Some(_))));
    studio.drop_draft(ANN, set, &key, 2).await.unwrap();
    assert_eq!(wrong(studio.send(ANN, set).await), Wrong::Empty);
    studio.withdraw(ANN, set).await.unwrap();
    assert_eq!(wrong(studio.save(ANN, set, vec![other]).await), Wrong::State(SetState::Withdrawn));
}

async fn a_text_that_was_published_meanwhile_clashes(fresh: Fresh) {
    let house = House::on(&fresh).await;
    let studio = &house.studio;
    let slow = house.set_of("не нужен", "не нужен (медленно)").await;
    let key = text(Locale::Ru, "rule-kyrgyz");
    let opened = house.edit(&key, |source| source.replace("нужен", "требуется")).await;
    let quick = house.set_of("не нужен", "не нужен (быстро)").await;
    studio.send(ANN, quick).await.unwrap();
    studio.approve(BEK, quick, None).await.unwrap();
    // Whoever comes from the old text is told at once.
    let third = studio.open(BEK, "Third").await.unwrap();
    let Wrong::Clash(clashes) = wrong(studio.save(BEK, third, vec![opened]).await) else {
        panic!("no clash")
    };
    assert!(clashes[0].now.as_deref().unwrap().contains("быстро"));
    // So is the set that was begun before; nothing of it is lost.
    let view = studio.set(slow).await.unwrap();
    assert_eq!(studio.clashes(&view).await.unwrap().len(), 3);
    assert!(matches!(wrong(studio.send(ANN, slow).await), Wrong::Clash(_)));
    let files = house.files().await;
    for draft in &view.drafts {
        let now = items::item(&files, &draft.change.key).unwrap().source.to_owned();
        let edit = safar::studio::Edit {
            key: draft.change.key.clone(),
            path: draft.change.path.clone(),
            after: None,
            base: draft.change.old.clone(),
            source: draft.change.new.clone(),
            seen: Some(draft.version),
        };
        assert!(matches!(
            wrong(studio.resolve(ANN, slow, edit.clone(), Some("an older one")).await),
            Wrong::Clash(_)
        ));
        studio.resolve(ANN, slow, edit, Some(&now)).await.unwrap();
    }
    assert_eq!(studio.clashes(&studio.set(slow).await.unwrap()).await.unwrap(), []);
    studio.send(ANN, slow).await.unwrap();
    studio.approve(BEK, slow, None).await.unwrap();
    assert!(items::item(&house.files().await, &key).unwrap().source.contains("медленно"));
}

async fn nothing_with_an_error_goes_on_and_warnings_need_a_reason(fresh: Fresh) {
    let house = House::on(&fresh).await;
    let studio = &house.studio;
    let set = studio.open(ANN, "Broken").await.unwrap();
    let key = text(Locale::Ru, "rule-kyrgyz");
    let broken = house.edit(&key, |source| source.replace(".text = ", ".text = { FIGURE(\"none\") } ")).await;
    studio.save(ANN, set, vec![broken.clone()]).await.unwrap();
    let Wrong::Errors(errors) = wrong(studio.send(ANN, set).await) else { panic!("no errors") };
    assert!(errors.iter().any(|error| error.code == "figure-unknown"), "{errors:?}");
    let checked = studio.check(set).await.unwrap();
    let found = checked.errors().find(|found| found.finding.code == "figure-unknown").unwrap();
    assert_eq!(found.item.as_ref(), Some(&key));
    // Fluent that cannot be read: the draft is kept, the place is named.
    let torn = safar::studio::Edit {
        source: Some(broken.base.clone().unwrap().replace(".text = ", ".text = { $a ")),
        seen: Some(1),
        ..broken.clone()
    };
    studio.save(ANN, set, vec![torn.clone()]).await.unwrap();
    let Wrong::Errors(errors) = wrong(studio.send(ANN, set).await) else { panic!("no errors") };
    assert_eq!(errors[0].code, "text-broken");
    assert_eq!(studio.check(set).await.unwrap().errors().next().unwrap().item.as_ref(), Some(&key));
    assert_eq!(studio.set(set).await.unwrap().drafts[0].change.new, torn.source);
    // Too long for an item at all.
    let long = safar::studio::Edit { source: Some("x".repeat(70_000)), seen: Some(2), ..broken.clone() };
    assert_eq!(wrong(studio.save(ANN, set, vec![long]).await), Wrong::Long);
    // A change of the Russian alone leaves two stale translations.
    let fine = safar::studio::Edit {
        source: Some(broken.base.clone().unwrap().replace("не нужен", "не требуется")),
        seen: Some(2),
        ..broken
    };
    studio.save(ANN, set, vec![fine]).await.unwrap();
    let Wrong::Reasons(open) = wrong(studio.send(ANN, set).await) else { panic!("no reasons asked") };
    assert_eq!(open.len(), 2);
    let hashes: Vec<String> =
        studio.check(set).await.unwrap().warnings().map(|found| found.hash.clone()).collect();
    assert_eq!(wrong(studio.give_reason(ANN, set, "none", "So what").await), Wrong::NotFound);
    assert_eq!(wrong(studio.give_reason(ANN, set, &hashes[0], "").await), Wrong::Text);
    for hash in &hashes {
        studio.give_reason(ANN, set, hash, "The translators answer tomorrow").await.unwrap();
    }
    studio.send(ANN, set).await.unwrap();
    studio.approve(BEK, set, None).await.unwrap();
    // They are warnings of what is in force now: the next set need not answer for them.
    let next = studio.open(ANN, "Next").await.unwrap();
    let edit =
        house.edit(&ItemKey::Node("goodbye".into()), |source| format!("# The last one.\n{source}")).await;
    studio.save(ANN, next, vec![edit]).await.unwrap();
    assert_eq!(studio.check(next).await.unwrap().warnings().count(), 0);
    studio.send(ANN, next).await.unwrap();
}

async fn a_set_is_published_at_its_time(fresh: Fresh) {
    let house = House::on(&fresh).await;
    let studio = &house.studio;
    let set = house.set_of("не нужен", "не требуется").await;
    studio.send(ANN, set).await.unwrap();
    let now = Timestamp::from_iso(super::NOW).unwrap();
    assert_eq!(wrong(studio.approve(BEK, set, Some(now)).await), Wrong::Past);
    assert_eq!(studio.approve(BEK, set, Some(now.plus_ms(60_000))).await.unwrap(), None);
    let before = house.releases.current().id;
    studio.publish_due().await.unwrap();
    assert_eq!(house.releases.current().id, before);
    house.clock.advance_ms(60_000);
    studio.publish_due().await.unwrap();
    assert_ne!(house.releases.current().id, before);
    assert_eq!(studio.set(set).await.unwrap().set.state, SetState::Published);
    assert_eq!(
        texts(&house.store, "select origin || ' ' || coalesce(note, '') from publications order by at, id")
            .await,
        ["embedded ", "studio New words"]
    );
}

async fn what_cannot_be_published_at_its_time_goes_back(fresh: Fresh) {
    let house = House::on(&fresh).await;
    let studio = &house.studio;
    let late = house.set_of("не нужен", "не нужен (поздно)").await;
    studio.send(ANN, late).await.unwrap();
    let at = Timestamp::from_iso(super::NOW).unwrap().plus_ms(60_000);
    studio.approve(BEK, late, Some(at)).await.unwrap();
    let quick = house.set_of("не нужен", "не нужен (быстро)").await;
    studio.send(ANN, quick).await.unwrap();
    studio.approve(BEK, quick, None).await.unwrap();
    house.clock.advance_ms(60_000);
    studio.publish_due().await.unwrap();
    let set = studio.set(late).await.unwrap().set;
    assert_eq!((set.state, set.problem.as_deref()), (SetState::Review, Some("clash")));
    studio.take_back(ANN, late).await.unwrap();
    assert_eq!(studio.set(late).await.unwrap().set.state, SetState::Draft);
}

async fn an_earlier_publication_runs_again(fresh: Fresh) {
    let house = House::on(&fresh).await;
    let studio = &house.studio;
    let before = house.files().await;
    let first = house.releases.publications(10).await.unwrap()[0].id;
    assert_eq!(wrong(studio.revert(CHOLPON, first).await), Wrong::Empty);
    assert_eq!(wrong(studio.revert(CHOLPON, 77).await), Wrong::NotFound);
    // A set with a new page below the Kyrgyz rule.
    let set = house.set_of("не нужен", "не требуется").await;
    let mut edits = vec![
        house.edit(&ItemKey::Node("rule-kyrgyz".into()), |source| source.replace("choices = [", "choices = [\"fresh\", ")).await,
        safar::studio::Edit {
            key: ItemKey::Node("fresh".into()),
            path: "content/small/tree.toml".to_owned(),
            after: Some(ItemKey::Node("rule-kyrgyz".into())),
            base: None,
            source: Some("[[node]]\nid = \"fresh\"\nkind = \"page\"\nk = \"how\"\nsources = [\"s1\"]\nreviewed = \"2026-10-01\"\nchoices = [\"helped\"]".to_owned()),
            seen: None,
        },
    ];
    for (locale, words) in [
        (Locale::Ru, "Новое о работе"),
        (Locale::Tg, "Чизи нав дар бораи кор"),
        (Locale::Ky, "Иш тууралуу жаңы нерсе"),
    ] {
        edits.push(safar::studio::Edit {
            key: text(locale, "fresh"),
            path: format!("locales/{locale}/content/small.ftl"),
            after: Some(text(locale, "rule-kyrgyz")),
            base: None,
            source: Some(format!("fresh = {words}?\n    .text = {words}.\n    .button = {words}\n    .keywords = а, б, в, г, д, е, ж, з")),
            seen: None,
        });
    }
    studio.save(ANN, set, edits).await.unwrap();
    let checked = studio.check(set).await.unwrap();
    for hash in checked.warnings().map(|found| found.hash.clone()).collect::<Vec<_>>() {
        studio.give_reason(ANN, set, &hash, "A test").await.unwrap();
    }
    studio.send(ANN, set).await.unwrap();
    studio.approve(BEK, set, None).await.unwrap();
    assert!(house.releases.current().node("fresh").is_some());
    let release = studio.revert(CHOLPON, first).await.unwrap();
    let current = house.releases.current();
    assert_eq!(current.id, release);
    // Who has the new page in front lands at the page above it.
    assert_eq!(current.living("fresh").map(|node| node.id.as_str()), Some("rule-kyrgyz"));
    let changes: Vec<Change> = items::diff(&before, &house.files().await);
    assert_eq!(changes.iter().map(|change| change.key.to_string()).collect::<Vec<_>>(), ["retired:fresh"]);
    let publications = house.releases.publications(10).await.unwrap();
    assert_eq!((publications[0].origin.as_str(), publications[0].staff), ("revert", Some(CHOLPON)));
    // And forward again.
    studio.revert(CHOLPON, publications[1].id).await.unwrap();
    assert!(house.releases.current().node("fresh").is_some());
    let between = studio.compare(publications[2].id, publications[1].id).await.unwrap();
    assert_eq!(between.len(), 8);
    assert_eq!(house.trail().await.iter().filter(|verb| *verb == "content-reverted").count(), 2);
}

async fn who_stands_where_is_known_before(fresh: Fresh) {
    let house = House::on(&fresh).await;
    for (id, node) in [(1, "rule-kyrgyz"), (2, "rule-kyrgyz"), (3, "home"), (4, "")] {
        let state =
            if node.is_empty() { r#"{"v":1}"#.to_owned() } else { format!(r#"{{"v":1,"n":"{node}"}}"#) };
        let insert = |table: &str, rest: &str| format!("insert into {table} {rest}");
        let contact =
            insert("contacts", &format!("(id, channel, source, created_at) values ({id}, 'web', 'bot', 0)"));
        let session = insert(
            "sessions",
            &format!(
                "(contact_id, state, reachable, last_inbound_at, updated_at) values ({id}, '{state}', true, 0, 0)"
            ),
        );
        crate::support::sql::run(&house.store, &contact).await;
        crate::support::sql::run(&house.store, &session).await;
    }
    let set = house.set_of("не нужен", "не требуется").await;
    let standing = house.studio.standing(set).await.unwrap();
    assert_eq!(standing.len(), 1);
    assert_eq!((standing[0].node.as_str(), standing[0].people), ("rule-kyrgyz", 2));
    assert_eq!(standing[0].lands.as_ref().map(NodeId::as_str), Some("rule-kyrgyz"));
}

async fn those_who_look_see_each_other(fresh: Fresh) {
    let house = House::on(&fresh).await;
    let key = ItemKey::Node("rule".into());
    let studio = &house.studio;
    assert_eq!(studio.look(ANN, &key).await.unwrap(), []);
    assert_eq!(studio.look(BEK, &key).await.unwrap(), [ANN]);
    assert_eq!(studio.look(CHOLPON, &ItemKey::Node("home".into())).await.unwrap(), []);
    house.clock.advance_ms(safar::studio::LOOK_MS + 1);
    assert_eq!(studio.look(ANN, &key).await.unwrap(), []);
    studio.look_away(ANN, &key).await.unwrap();
    assert_eq!(studio.look(BEK, &key).await.unwrap(), []);
}

async fn a_removed_node_needs_an_heir(fresh: Fresh) {
    let house = House::on(&fresh).await;
    let studio = &house.studio;
    let set = studio.open(ANN, "Less").await.unwrap();
    let gone = |edit: safar::studio::Edit| safar::studio::Edit { source: None, ..edit };
    let mut edits = vec![
        house.edit(&ItemKey::Node("ask-age".into()), str::to_owned).await,
        house.edit(&text(Locale::Ru, "ask-age"), str::to_owned).await,
        house.edit(&text(Locale::Tg, "ask-age"), str::to_owned).await,
        house.edit(&text(Locale::Ky, "ask-age"), str::to_owned).await,
    ]
    .into_iter()
    .map(gone)
    .collect::<Vec<_>>();
    edits.push(house.edit(&ItemKey::Node("help".into()), |source| source.replace("\"ask-age\", ", "")).await);
    edits.push(
        house
            .edit(&ItemKey::Node("ask-city".into()), |source| {
                source.replace("next = \"help\"", "next = \"goodbye\"")
            })
            .await,
    );
    studio.save(ANN, set, edits).await.unwrap();
    let Wrong::Errors(errors) = wrong(studio.send(ANN, set).await) else { panic!("nobody misses it") };
    assert_eq!(errors.iter().map(|error| error.code).collect::<Vec<_>>(), ["id-vanished"]);
    let heir = safar::studio::Edit {
        key: ItemKey::Retired("ask-age".into()),
        path: "content/retired.toml".to_owned(),
        after: None,
        base: None,
        source: Some("ask-age = \"help\"".to_owned()),
        seen: None,
    };
    studio.save(ANN, set, vec![heir]).await.unwrap();
    assert_eq!(studio.check(set).await.unwrap().errors().count(), 0);
    studio.send(ANN, set).await.unwrap();
    studio.approve(BEK, set, None).await.unwrap();
    let current = house.releases.current();
    assert_eq!(current.living("ask-age").map(|node| node.id.as_str()), Some("help"));
}
