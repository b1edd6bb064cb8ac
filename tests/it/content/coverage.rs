//! Each topic is found by each person whom it concerns, in at most four taps from the main menu.
//!
//! Until all trees are in, this looks only at the folder that `SAFAR_TEST_COVERAGE` names (the one that holds
//! `content/` and `locales/`); without it the test says loudly that it did not run. When the content is whole, set
//! [`ON_EMBEDDED`].

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    path::Path,
    sync::Arc,
};

use safar::{
    content::{Files, Kind, Release, Token, embedded},
    domain::{Locale, Profile, Timestamp},
    engine::{self, Input, State},
};

/// Whether the embedded content must pass, too.
const ON_EMBEDDED: bool = true;

const TAPS_MAX: usize = 4;
const NODES_MIN: usize = 120;

const CITIZENSHIPS: [&str; 3] = ["TJ", "KG", "other"];
const DESTINATIONS: [&str; 3] = ["RU", "KZ", "other"];
const AUDIENCES: [&str; 4] = ["migrant", "going", "family", "employer"];

/// One kind of person.
#[derive(Clone, Copy, Debug)]
struct Who {
    citizenship: &'static str,
    destination: &'static str,
    audience: &'static str,
}

impl Who {
    fn is_working(self) -> bool {
        ["migrant", "going"].contains(&self.audience)
    }

    /// Works, or wants to, in Russia: who said "another country" is shown Russia.
    fn is_for_russia(self) -> bool {
        self.is_working() && self.destination != "KZ"
    }

    fn is_for_kazakhstan(self) -> bool {
        self.is_working() && self.destination == "KZ"
    }

    fn needs_patent(self) -> bool {
        self.is_for_russia() && self.citizenship != "KG"
    }

    fn is_family(self) -> bool {
        self.audience == "family"
    }
}

/// Whom a topic concerns.
type Concerns = fn(Who) -> bool;

const EVERYONE: Concerns = |_| true;
const RUSSIA: Concerns = Who::is_for_russia;
const PATENT: Concerns = Who::needs_patent;
const KAZAKHSTAN: Concerns = Who::is_for_kazakhstan;
const WORKING_OR_FAMILY: Concerns = |who| who.is_working() || who.is_family();
const NOT_EMPLOYER: Concerns = |who| who.audience != "employer";
const RUSSIA_OR_FAMILY: Concerns = |who| who.is_for_russia() || who.is_family();

/// Each topic, in the order of the settings. What is not named here for a person may be there all the same.
const TOPICS: &[(&str, Concerns)] = &[
    ("before-departure", NOT_EMPLOYER),
    ("entry-ban-check", NOT_EMPLOYER),
    ("migration-card", RUSSIA),
    ("registration", RUSSIA),
    ("medical-fingerprint", RUSSIA),
    ("patent-apply", PATENT),
    ("patent-documents", PATENT),
    ("patent-cost", PATENT),
    ("patent-payment", PATENT),
    ("patent-late", PATENT),
    ("patent-region-change", PATENT),
    ("patent-renew", PATENT),
    ("exam", PATENT),
    ("dms-insurance", PATENT),
    ("eaeu-kyrgyz-work", |who| who.is_for_russia() && who.citizenship == "KG"),
    ("contract", RUSSIA),
    ("unpaid-wages", WORKING_OR_FAMILY),
    ("work-injury", RUSSIA_OR_FAMILY),
    ("passport-taken", RUSSIA_OR_FAMILY),
    ("forced-labour", RUSSIA_OR_FAMILY),
    ("police-check", RUSSIA_OR_FAMILY),
    ("detention", RUSSIA_OR_FAMILY),
    ("deportation-appeal", RUSSIA_OR_FAMILY),
    ("controlled-register", RUSSIA),
    ("child-school", RUSSIA_OR_FAMILY),
    ("pregnancy-health", RUSSIA_OR_FAMILY),
    ("domestic-violence", NOT_EMPLOYER),
    ("alimony-family", NOT_EMPLOYER),
    ("kazakhstan-stay", KAZAKHSTAN),
    ("kazakhstan-permit", KAZAKHSTAN),
    ("employer-hiring", |who| who.audience == "employer"),
    ("organised-recruitment", NOT_EMPLOYER),
    ("residence-permit", RUSSIA),
    ("citizenship", RUSSIA),
    ("embassy-contacts", EVERYONE),
    ("scams-brokers", EVERYONE),
    ("return-reintegration", NOT_EMPLOYER),
    ("other-human", EVERYONE),
    ("emergency", EVERYONE),
];

/// Taps from the main menu to each topic, and to each node, for one kind of person.
fn taps_to(release: &Release, who: Who) -> (BTreeMap<String, usize>, BTreeMap<String, usize>) {
    let now = Timestamp::from_seconds(1_795_000_000);
    let mut state = State::default();
    state.locale = Some(Locale::Ru);
    state.profile = Profile::from_iter([
        ("citizenship", who.citizenship),
        ("destination", who.destination),
        ("audience", who.audience),
    ]);
    let mut topics = BTreeMap::new();
    let mut nodes = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let mut queue = VecDeque::from([(state, "s.home".to_owned(), 0)]);
    while let Some((state, token, taps)) = queue.pop_front() {
        let turn = engine::advance(release, state, &Input::Tap(&token), now.plus_ms(5_000 * taps as i64));
        let Some(say) = turn.say else { continue };
        let mut state = turn.state;
        // Topics of a tool count from its first question on.
        for id in state.node.iter().chain(say.node()) {
            nodes.entry(id.to_string()).or_insert(taps);
            let Some(node) = release.node(id.as_str()) else { continue };
            for topic in &node.topics {
                topics.entry(topic.to_string()).or_insert(taps);
            }
            // Its later questions need typing, not tapping.
            if let Kind::Tool(tool) = &node.kind {
                for (_, ask) in &tool.inputs {
                    nodes.entry(ask.to_string()).or_insert(taps);
                }
            }
        }
        let here = (say.screen.to_string(), say.page, state.node.clone());
        if !seen.insert(here) || taps == TAPS_MAX {
            continue;
        }
        // The way back is no way on.
        state.trail.clear();
        state.last_tap = None;
        let page = engine::choices(release, &say);
        for choice in page.choices.iter().chain(&page.system) {
            let leads_on = match &choice.token {
                Token::Node(_) | Token::Page(..) | Token::Person => true,
                // A changed answer makes another person.
                Token::Answer(id, _) => release.node(id.as_str()).is_some_and(|node| match &node.kind {
                    Kind::Ask(ask) => !ask.profile,
                    _ => false,
                }),
                _ => false,
            };
            if leads_on {
                queue.push_back((state.clone(), choice.token.to_string(), taps + 1));
            }
        }
    }
    (topics, nodes)
}

/// What is missing or too far, one line each.
fn missing(release: &Release) -> Vec<String> {
    let mut wrong: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut reached: BTreeSet<String> = BTreeSet::new();
    for citizenship in CITIZENSHIPS {
        for destination in DESTINATIONS {
            for audience in AUDIENCES {
                let who = Who { citizenship, destination, audience };
                let (topics, nodes) = taps_to(release, who);
                reached.extend(nodes.into_keys());
                for (topic, concerns) in TOPICS {
                    if concerns(who) && !topics.contains_key(*topic) {
                        let name = format!("{audience} {citizenship}→{destination}");
                        wrong.entry((*topic).to_owned()).or_default().push(name);
                    }
                }
            }
        }
    }
    let mut lines: Vec<String> = wrong
        .into_iter()
        .map(|(topic, who)| format!("{topic}: not within {TAPS_MAX} taps for {}", who.join(", ")))
        .collect();
    // Nobody stands on a node that leads to consultants.
    let screens = release.nodes().filter(|node| !matches!(node.kind, Kind::Handoff));
    let far: Vec<&str> = screens.map(|node| node.id.as_str()).filter(|id| !reached.contains(*id)).collect();
    if !far.is_empty() {
        lines.push(format!("within {TAPS_MAX} taps for nobody: {}", far.join(", ")));
    }
    if release.order.len() < NODES_MIN {
        lines.push(format!("{} nodes, {NODES_MIN} at least", release.order.len()));
    }
    lines
}

#[test]
fn each_topic_is_near_for_each_person_whom_it_concerns() {
    let mut releases: Vec<(String, Arc<Release>)> = Vec::new();
    if ON_EMBEDDED {
        releases.push(("the embedded content".to_owned(), crate::dialogs::embedded_release()));
    }
    if let Some(folder) = std::env::var_os("SAFAR_TEST_COVERAGE") {
        let mut files = Files::default();
        for part in ["content", "locales"] {
            crate::check::read(&Path::new(&folder).join(part), &format!("{part}/"), &mut files);
        }
        files.0.retain(|path, _| Files::is_content(path));
        releases.push((folder.to_string_lossy().into_owned(), crate::dialogs::release(&files)));
    }
    if releases.is_empty() {
        eprintln!("SKIPPED: the coverage of topics (SAFAR_TEST_COVERAGE names no folder)");
    }
    for (name, release) in releases {
        let lines = missing(&release);
        assert!(lines.is_empty(), "{name}:\n{}", lines.join("\n"));
    }
}

#[test]
fn the_table_has_each_topic_of_the_settings() {
    let release = crate::dialogs::release(&embedded());
    let known: Vec<&str> = release.settings.topics.iter().flatten().map(AsRef::as_ref).collect();
    let here: Vec<&str> = TOPICS.iter().map(|(topic, _)| *topic).collect();
    assert_eq!(here, known);
}

/// The walk itself: taps are counted, conditions and main menus hold, tools and lists are walked into.
#[test]
fn taps_are_counted_as_people_tap() {
    let release = crate::dialogs::release(&crate::check::folder("content-wide"));
    let near = |audience, destination| taps_to(&release, Who { citizenship: "TJ", destination, audience }).1;
    let russia = near("migrant", "RU");
    assert_eq!(russia.get("late-wages"), Some(&1));
    assert_eq!(russia.get("centres"), Some(&2));
    assert_eq!(russia.get("kz-deadlines"), None);
    let kazakhstan = near("going", "KZ");
    assert_eq!((kazakhstan.get("home-kz"), kazakhstan.get("kz-deadlines")), (Some(&0), Some(&1)));
    assert_eq!(kazakhstan.get("home"), None);
    assert_eq!(near("employer", "RU").get("home-rest"), Some(&0));
    assert!(missing(&release).len() > 30, "this folder covers next to nothing");
}

/// Pages of need that share their topic with a page nearer by, so that the topics alone do not tell.
#[test]
fn pages_of_need_are_near() {
    const PAGES: &[(&[&str], &str, &[&str])] = &[
        // Whose man is not paid, hurt, dismissed or held at work.
        (
            &["family", "migrant"],
            "RU",
            &["unpaid", "work-injury-rights", "work-dismissed", "work-after-job", "forced-labour-signs"],
        ),
        (&["family", "migrant", "going"], "RU", &["violence-abroad", "find-detained", "police-violence"]),
        (
            &["family", "migrant", "going"],
            "KZ",
            &["kz-forced", "kz-unpaid", "find-detained", "police-violence"],
        ),
    ];
    let release = crate::dialogs::embedded_release();
    for citizenship in CITIZENSHIPS {
        for (audiences, destination, pages) in PAGES {
            for audience in *audiences {
                let (_, nodes) = taps_to(&release, Who { citizenship, destination, audience });
                for page in *pages {
                    assert!(nodes.contains_key(*page), "{page}: {audience} {citizenship}→{destination}");
                }
            }
        }
    }
}
