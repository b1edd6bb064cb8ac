//! What is around each page: language, navigation, texts.

use std::{fmt::Display, sync::Arc};

use askama::Template;
use axum::{
    http::HeaderMap,
    response::{Html, IntoResponse, Redirect, Response},
};

use super::{Console, Refusal, Viewer, board, studio, viewer};
use crate::{
    content::Finding,
    desk::Role,
    domain::{Locale, StaffLocale, Timestamp},
    text::{Args, StaffTexts},
    web::{assets, chat::languages},
};

/// A place of the navigation: address, text id, and who sees it (nobody named: everybody).
struct Place {
    section: &'static str,
    href: &'static str,
    text: &'static str,
    roles: &'static [Role],
}

/// Who works with cases.
const AT_DESK: &[Role] = &[Role::Consultant, Role::Supervisor];

const PLACES: &[Place] = &[
    Place {
        section: "queue",
        href: "/staff/queue",
        text: "nav-queue",
        roles: &[Role::Consultant, Role::Supervisor],
    },
    Place {
        section: "follow-ups",
        href: "/staff/follow-ups",
        text: "nav-follow-ups",
        roles: &[Role::Consultant, Role::Supervisor],
    },
    Place {
        section: "register",
        href: "/staff/register",
        text: "nav-register",
        roles: &[Role::Consultant, Role::Supervisor],
    },
    Place {
        section: "supervisor",
        href: "/staff/supervisor",
        text: "nav-supervisor",
        roles: &[Role::Supervisor],
    },
    Place { section: "people", href: "/staff/people", text: "nav-people", roles: &[Role::Admin] },
    Place { section: "studio", href: "/staff/content", text: "nav-studio", roles: studio::ROLES },
    Place {
        section: "campaigns",
        href: "/staff/campaigns",
        text: "nav-campaigns",
        roles: &[Role::Campaigner, Role::Admin],
    },
    Place {
        section: "field",
        href: "/staff/field",
        text: "nav-field",
        roles: &[Role::Campaigner, Role::Admin],
    },
    Place { section: "board", href: "/staff/dashboard", text: "nav-board", roles: board::ROLES },
    Place {
        section: "reports",
        href: "/staff/reports",
        text: "nav-reports",
        roles: &[Role::Campaigner, Role::Viewer],
    },
    Place { section: "trail", href: "/staff/trail", text: "nav-trail", roles: &[Role::Admin] },
];

/// A line of the navigation, ready to be shown.
pub struct Line {
    pub href: &'static str,
    pub label: String,
    pub here: bool,
    /// How many things of it are due; 0: nothing is said.
    pub due: usize,
}

/// The texts of a page, and who looks at it. Templates extend `staff/layout.html` and name it `frame`.
pub struct Frame<'a> {
    texts: &'a StaffTexts,
    pub viewer: Option<&'a Viewer>,
    pub locale: StaffLocale,
    section: &'static str,
    back: String,
    /// Of somebody who is half-way in.
    csrf: String,
    /// Follow-ups that are due.
    due: usize,
}

impl<'a> Frame<'a> {
    /// `section`: the place of the navigation where the page belongs, or nothing.
    pub fn new(
        console: &'a Console,
        viewer: Option<&'a Viewer>,
        locale: StaffLocale,
        section: &'static str,
    ) -> Self {
        Self {
            texts: &console.texts,
            viewer,
            locale,
            section,
            back: viewer.map_or_else(String::new, |viewer| viewer.path.clone()),
            csrf: viewer.map_or_else(String::new, |viewer| viewer.csrf.clone()),
            due: viewer.filter(|viewer| viewer.roles.has_any(AT_DESK)).map_or(0, |viewer| {
                let of = (!viewer.has(Role::Supervisor)).then_some(viewer.id);
                console.desk.follow_ups_due(of, viewer.zone)
            }),
        }
    }

    /// For a page that only somebody logged in sees.
    pub fn of(console: &'a Arc<Console>, viewer: &'a Viewer, section: &'static str) -> Self {
        Self::new(console, Some(viewer), viewer.locale, section)
    }

    /// Where the switch of languages leads back to, if not to the page's own address.
    #[must_use]
    pub fn at(mut self, path: &str) -> Self {
        path.clone_into(&mut self.back);
        self
    }

    /// The same with one more piece of the path.
    #[must_use]
    pub(super) fn and(mut self, piece: &str) -> Self {
        self.back.push_str(piece);
        self
    }

    /// For who has a session but is not wholly in.
    #[must_use]
    pub(super) fn with_csrf(mut self, csrf: &str) -> Self {
        csrf.clone_into(&mut self.csrf);
        self
    }

    /// A text.
    pub fn t(&self, id: &str) -> String {
        self.texts.get(self.locale, id, None)
    }

    /// A finding of the check as a sentence, with what to do.
    pub fn finding(&self, finding: &Finding) -> String {
        crate::check::sentence_in(self.texts, self.locale, finding)
    }

    /// A text whose id ends in a word of the data: `role-` and `admin`.
    pub fn word(&self, prefix: &str, word: impl Display) -> String {
        self.t(&format!("{prefix}{word}"))
    }

    /// A text with `{ $n }`, a number.
    pub fn n(&self, id: &str, number: impl TryInto<i64>) -> String {
        let mut args = Args::new();
        args.set("n", number.try_into().unwrap_or(i64::MAX));
        self.texts.get(self.locale, id, Some(&args))
    }

    /// A text with one variable.
    pub fn with(&self, id: &str, name: &str, value: impl Display) -> String {
        let mut args = Args::new();
        args.set(name.to_owned(), value.to_string());
        self.texts.get(self.locale, id, Some(&args))
    }

    /// A text with two variables.
    pub fn with2(&self, id: &str, one: &str, first: impl Display, two: &str, second: impl Display) -> String {
        let mut args = Args::new();
        args.set(one.to_owned(), first.to_string());
        args.set(two.to_owned(), second.to_string());
        self.texts.get(self.locale, id, Some(&args))
    }

    /// An instant in the viewer's zone: `26.11.2026 14:05`.
    pub fn time(&self, at: &Timestamp) -> String {
        self.viewer.map_or_else(|| at.to_iso(), |viewer| viewer.time(*at))
    }

    /// The token for the hidden field `csrf` of each form.
    pub fn csrf(&self) -> &str {
        &self.csrf
    }

    /// Where a change of the language leads: this page again.
    pub fn back(&self) -> &str {
        &self.back
    }

    pub fn nav(&self) -> Vec<Line> {
        let Some(viewer) = self.viewer else { return Vec::new() };
        PLACES
            .iter()
            .filter(|place| place.roles.is_empty() || viewer.roles.has_any(place.roles))
            .map(|place| Line {
                href: place.href,
                label: self.t(place.text),
                here: place.section == self.section,
                due: if place.section == "follow-ups" { self.due } else { 0 },
            })
            .collect()
    }

    /// The content's language for who looks: English readers get the reference.
    pub fn content_locale(&self) -> Locale {
        self.locale.chat().unwrap_or(Locale::REFERENCE)
    }

    /// Whether who looks works with cases, and so hears of urgent ones on each page.
    pub fn at_desk(&self) -> bool {
        self.viewer.is_some_and(|viewer| viewer.roles.has_any(AT_DESK))
    }

    /// Follow-ups that are due: the viewer's own, or all of a supervisor.
    pub fn follow_ups_due(&self) -> usize {
        self.due
    }

    pub fn here(&self, section: &str) -> bool {
        self.section == section
    }

    pub fn locales(&self) -> [StaffLocale; 4] {
        StaffLocale::ALL
    }

    /// Address of a script or style, with its version.
    pub fn asset(&self, name: &str) -> String {
        format!("/assets/{name}?v={}", assets::version(name))
    }
}

/// What a page says above all else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Say {
    /// Something was refused.
    pub bad: bool,
    pub text: String,
}

impl Say {
    pub fn good(text: String) -> Self {
        Self { bad: false, text }
    }

    pub fn bad(text: String) -> Self {
        Self { bad: true, text }
    }
}

/// `?done=word`: what was just done, after the redirect that followed it. The page says `done-<word>`.
#[derive(serde::Deserialize, Default)]
#[serde(default)]
pub struct Done {
    done: String,
}

impl Done {
    /// Words that an address may make a page say.
    const WORDS: &[&str] = &["saved", "password-set", "campaign-ended"];

    pub fn to(path: &str, word: &'static str) -> Response {
        Redirect::to(&format!("{path}?done={word}")).into_response()
    }

    pub fn say(&self, frame: &Frame<'_>) -> Option<Say> {
        let word = Self::WORDS.iter().find(|word| **word == self.done)?;
        Some(Say::good(frame.word("done-", word)))
    }
}

/// Where the navigation leads somebody first.
pub(super) fn first_place(viewer: &Viewer) -> &'static str {
    let first = PLACES.iter().find(|place| viewer.roles.has_any(place.roles));
    first.map_or("/staff/account", |place| place.href)
}

/// The page as an answer.
pub fn page(template: &impl Template) -> Result<Response, Refusal> {
    let html = template.render().map_err(|error| {
        tracing::error!(%error, "a page of the staff could not be rendered");
        Refusal::Unavailable
    })?;
    Ok(Html(html).into_response())
}

/// Cookie with the language that somebody chose before logging in.
pub(super) const LOCALE_COOKIE: &str = "safar-staff-lang";

/// The viewer's language; else the one chosen on the page; else the browser's; else Russian.
pub(super) fn locale(viewer: Option<&Viewer>, headers: &HeaderMap) -> StaffLocale {
    viewer
        .map(|viewer| viewer.locale)
        .or_else(|| viewer::cookie(headers, LOCALE_COOKIE).and_then(StaffLocale::parse))
        .or_else(|| languages(headers).find_map(|tag| StaffLocale::parse(&tag)))
        .unwrap_or(StaffLocale::Ru)
}
