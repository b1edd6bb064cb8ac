use proptest::prelude::*;

use super::{
    Change, Clash, Fields, ItemKey, Message, Value, apply, at_line, diff, item, items, keys, read_fields,
    write_fields,
};
use crate::{
    content::{Files, embedded},
    domain::Locale,
};

fn text(locale: Locale, id: &str) -> ItemKey {
    ItemKey::Text(locale, id.into())
}

fn change(files: &Files, key: ItemKey, new: Option<&str>) -> Change {
    let found = item(files, &key).expect("the item");
    let (path, old) = (found.path.to_owned(), Some(found.source.to_owned()));
    Change { key, path, after: None, old, new: new.map(str::to_owned) }
}

#[test]
fn all_of_the_content_is_items() {
    let files = embedded();
    let items = items(&files);
    let wholes: Vec<String> =
        items.keys().filter(|key| matches!(key, ItemKey::Whole(_))).map(ToString::to_string).collect();
    assert_eq!(wholes, ["whole:content/settings.toml"]);
    let count = |kind: &str| items.keys().filter(|key| key.kind() == kind).count();
    let lines = |path: &str, start: &str| files.0[path].lines().filter(|l| l.starts_with(start)).count();
    assert_eq!(count("figure"), lines("content/figures.toml", "[[figure]]"));
    assert_eq!(count("place"), lines("content/places.toml", "[[place]]"));
    assert_eq!(count("source"), lines("content/sources.toml", "[source."));
    assert_eq!(count("term"), lines("content/glossary.toml", "[[term]]"));
    assert_eq!(count("reply"), lines("content/replies.toml", "[[reply]]"));
    assert!(count("node") > 200 && count("text") > 600 && count("template") > 0);
    for (key, found) in &items {
        assert_eq!(ItemKey::parse(&key.to_string()).as_ref(), Some(key));
        assert_eq!(item(&files, key).as_ref(), Some(found), "{key}");
        let line = found.line + found.source.matches('\n').count();
        assert_eq!(at_line(&files, found.path, line).as_ref(), Some(key));
    }
}

#[test]
fn one_change_touches_one_item() {
    let files = embedded();
    let key = ItemKey::Node("patent".into());
    let source = item(&files, &key).expect("patent").source;
    let new = source.replace("\"patent-get\", ", "");
    let changed = apply(&files, &[change(&files, key.clone(), Some(&new))]).expect("applies");
    for (path, text) in &files.0 {
        assert_eq!(changed.0.get(path) == Some(text), path != "content/patent/tree.toml", "{path}");
    }
    assert_eq!(
        changed.0["content/patent/tree.toml"].replace(&new, source),
        files.0["content/patent/tree.toml"]
    );
    assert_eq!(diff(&files, &changed), [change(&files, key, Some(&new))]);
}

#[test]
fn what_is_added_stands_where_it_was_said_and_goes_without_a_trace() {
    let files = embedded();
    let path = "locales/ru/content/patent.ftl".to_owned();
    let order = keys(&files, &path);
    let (first, second, last) = (&order[0], &order[1], order.last().expect("some"));
    let add = |after: Option<&ItemKey>| Change {
        key: text(Locale::Ru, "patent-new"),
        path: path.clone(),
        after: after.cloned(),
        old: None,
        new: Some("patent-new = Новое".to_owned()),
    };
    let added = apply(&files, &[add(Some(first))]).expect("applies");
    assert_eq!(&keys(&added, &path)[..3], [first.clone(), text(Locale::Ru, "patent-new"), second.clone()]);
    let at_end = apply(&files, &[add(None)]).expect("applies");
    assert_eq!(keys(&at_end, &path).last(), Some(&text(Locale::Ru, "patent-new")));
    assert!(at_end.0[&path].ends_with("\n\npatent-new = Новое\n"));
    for added in [&added, &at_end, &apply(&files, &[add(Some(last))]).expect("applies")] {
        let gone = change(added, text(Locale::Ru, "patent-new"), None);
        assert_eq!(apply(added, &[gone]).as_ref(), Ok(&files));
        assert_eq!(apply(&files, &diff(&files, added)).as_ref(), Ok(added));
    }
}

#[test]
fn a_new_tree_is_new_files_of_items() {
    let files = embedded();
    let mut wanted = files.clone();
    wanted
        .0
        .insert("content/new/tree.toml".to_owned(), "[[node]]\nid = \"new\"\nkind = \"end\"\n".to_owned());
    wanted.0.insert("locales/ru/content/new.ftl".to_owned(), "new = Новое\n\nnewer = Ещё\n".to_owned());
    let changes = diff(&files, &wanted);
    let keys: Vec<String> = changes.iter().map(|change| change.key.to_string()).collect();
    assert_eq!(keys, ["node:new", "text:ru:new", "text:ru:newer"]);
    assert_eq!(apply(&files, &changes).as_ref(), Ok(&wanted));
    assert_eq!(apply(&wanted, &diff(&wanted, &files)).as_ref(), Ok(&files));
}

#[test]
fn a_change_from_an_old_text_clashes() {
    let files = embedded();
    let key = text(Locale::Tg, "patent");
    let mut stale = change(&files, key.clone(), Some("patent = Ман"));
    stale.old = Some("patent = Пеш".to_owned());
    let now = item(&files, &key).expect("patent").source.to_owned();
    let clash = Clash { key, old: stale.old.clone(), now: Some(now.clone()), new: stale.new.clone() };
    assert_eq!(apply(&files, &[stale.clone()]), Err(vec![clash]));
    // Two people who want the same agree.
    stale.new = Some(now);
    assert_eq!(apply(&files, &[stale]).as_ref(), Ok(&files));
}

#[test]
fn moved_items_and_strange_files_change_as_a_whole() {
    let old = Files(
        [("content/replies.toml".to_owned(), "[[reply]]\nid = \"a\"\n\n[[reply]]\nid = \"b\"\n".to_owned())]
            .into(),
    );
    for text in [
        "[[reply]]\nid = \"b\"\n\n[[reply]]\nid = \"a\"\n",
        "[[reply]]\nid = \"a\"\n\n[[reply]]\nid = \"a\"\n",
        "[[reply]]\nid = \n",
        "\n\n[[reply]]\nid = \"a\"\n\n\n[[reply]]\nid = \"b\"",
        "",
    ] {
        let new = Files([("content/replies.toml".to_owned(), text.to_owned())].into());
        let changes = diff(&old, &new);
        assert_eq!(changes.len(), 1, "{text:?}");
        assert_eq!(changes[0].key, ItemKey::Whole("content/replies.toml".into()));
        assert_eq!(apply(&old, &changes).as_ref(), Ok(&new));
        assert_eq!(apply(&new, &diff(&new, &old)).as_ref(), Ok(&old));
    }
}

#[test]
fn every_message_is_written_as_it_was_read() {
    for (key, found) in items(&embedded()) {
        if let ItemKey::Text(..) = key {
            let mut message = Message::read(found.source).expect("a message");
            assert_eq!(message.write(), found.source, "{key}");
            // Setting what is there changes nothing; written anew it reads the same.
            for part in message.parts.clone() {
                message.set(part.name.as_deref(), &part.text);
                assert_eq!(message.write(), found.source, "{key}");
                message.set(part.name.as_deref(), "-");
                message.set(part.name.as_deref(), &part.text);
            }
            let anew = message.write();
            let again = Message::read(&anew).expect("a message");
            let texts = |message: &Message| -> Vec<_> {
                message.parts.iter().map(|part| (part.name.clone(), part.text.clone())).collect()
            };
            assert_eq!(texts(&again), texts(&message), "{key}");
            assert_eq!(shapes(found.source), shapes(&anew), "{key}");
        }
    }
}

/// What Fluent reads.
fn shapes(source: &str) -> Vec<(Option<String>, crate::text::Shape)> {
    crate::text::entries(source).into_iter().flat_map(|entry| entry.parts).collect()
}

#[test]
fn a_text_may_begin_its_lines_with_any_sign() {
    let mut message = Message::new("x");
    message.set(None, "Заголовок");
    message.set(
        Some("text"),
        "*Жирно*\r\n\r\n[скобки]\n.точка  \n1. пункт\n{ $a ->\n    [TJ] да\n   *[other] нет\n}\n",
    );
    let source = message.write();
    let parts = shapes(&source);
    assert_eq!(parts.len(), 2, "{source}");
    assert_eq!(parts[1].1.selectors.len(), 1, "{source}");
    let again = Message::read(&source).expect("reads");
    assert_eq!(
        again.get(Some("text")),
        Some("*Жирно*\n\n[скобки]\n.точка\n1. пункт\n{ $a ->\n    [TJ] да\n   *[other] нет\n}")
    );
}

#[test]
fn fields_are_set_one_by_one() {
    let source = "# Why.\n[[node]]\nid = \"a\"\nkind = \"page\"\nk = \"how\" # remark\nwhen = { citizenship = [\"TJ\"] }\nchoices = [\"b\"]";
    let fields = read_fields(source).expect("reads");
    assert_eq!(write_fields(source, &fields).expect("writes"), source);
    let set = Fields::from([
        ("k".to_owned(), Value::Text("help".to_owned())),
        ("choices".to_owned(), Value::List(vec!["b".to_owned(), "c".to_owned()])),
        ("when".to_owned(), Value::Map([].into())),
        ("undated".to_owned(), Value::Flag(true)),
        ("kind".to_owned(), Value::Text("page".to_owned())),
    ]);
    assert_eq!(
        write_fields(source, &set).expect("writes"),
        "# Why.\n[[node]]\nid = \"a\"\nkind = \"page\"\nk = \"help\" # remark\nchoices = [\"b\", \"c\"]\nundated = true"
    );
    let set = Fields::from([("title".to_owned(), Value::Text("T \"q\"".to_owned()))]);
    assert_eq!(write_fields("[source.s9]", &set).expect("writes"), "[source.s9]\ntitle = 'T \"q\"'");
    assert!(write_fields("[[node]]\nid = ", &Fields::new()).is_err());
    for (key, found) in items(&embedded()) {
        if let ItemKey::Node(_)
        | ItemKey::Figure(..)
        | ItemKey::Place(_)
        | ItemKey::Source(_)
        | ItemKey::Template(_) = key
        {
            let fields = read_fields(found.source).expect("reads");
            assert!(!fields.is_empty());
            assert_eq!(write_fields(found.source, &fields).expect("writes"), found.source, "{key}");
        }
    }
}

proptest! {
    /// Whatever files hold, a diff makes the one of the other.
    #[test]
    fn a_diff_makes_the_one_of_the_other(
        old in proptest::collection::vec(lines(), 0..12), new in proptest::collection::vec(lines(), 0..12),
        path in prop_oneof![Just("content/x/tree.toml"), Just("content/sources.toml"), Just("content/retired.toml"), Just("locales/tg/content/x.ftl")],
    ) {
        let files = |lines: Vec<String>| Files(
            (!lines.is_empty()).then(|| (path.to_owned(), lines.concat())).into_iter().collect(),
        );
        let (old, new) = (files(old), files(new));
        prop_assert_eq!(apply(&old, &diff(&old, &new)), Ok(new));
    }

    /// What an editor typed comes back.
    #[test]
    fn a_text_comes_back(text in "[a-zёҷ*\\[\\].#={}\" \n-]{0,60}") {
        let mut message = Message::new("x");
        message.set(None, "t");
        message.set(Some("text"), &text);
        let kept = message.get(Some("text")).map(str::to_owned);
        // Open braces take what follows into the placeable: Fluent will say so.
        let balanced = text.matches('{').count() == 0;
        let again = Message::read(&message.write()).expect("reads");
        if balanced {
            prop_assert_eq!(again.get(Some("text")).map(str::to_owned), kept);
        }
    }
}

fn lines() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("[[node]]\n".to_owned()),
        "id = \"[abc]\"\n",
        "[abc] = x\n",
        "[abc] = \"y\"\n",
        Just("[retired]\n".to_owned()),
        "\\[source.[abc]\\]\ntitle = \"t\"\n",
        Just("\n".to_owned()),
        "#+ [ab]\n",
        "    .[ab] = z\n",
        Just("x = \"\"\"\n".to_owned()),
        Just("end".to_owned()),
    ]
}
