//! What the check says of a set: in words, with the place, and with a field for the reason of each warning.

use std::{collections::BTreeSet, sync::Arc};

use askama::Template;
use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};

use super::{
    Bar, Console, Frame, Names, Refusal, SECTION, Viewer, is_piece,
    labels::{Labels, address, family},
    path_of, reader, sentence, set, shown, writer,
};
use crate::{
    content::{Severity, items::ItemKey},
    domain::Locale,
    studio::{Checked, Found, SetView, StudioError, Wrong},
    web::staff::page,
};

/// Findings of one kind that a page shows.
const SHOWN_MAX: usize = 100;

/// Why a warning is let stand.
pub(super) struct Reason {
    pub text: String,
    pub by: String,
    pub at: String,
}

pub(super) struct Line {
    pub sentence: String,
    /// The item where it lies, and the address of its form.
    pub place: Option<(String, String)>,
    /// Its language, if it is a text.
    pub lang: Option<Locale>,
    pub file: String,
    pub hash: String,
    pub reason: Option<Reason>,
}

/// What stands in `staff/studio/set-findings.html`.
pub(super) struct Findings {
    pub id: String,
    pub errors: Vec<Line>,
    pub warnings: Vec<Line>,
    /// Of the items of this set.
    pub due: Vec<Line>,
    /// Warnings and dates that what is in force has as well.
    pub old: usize,
    pub due_elsewhere: usize,
    /// Nothing can be said before these are resolved.
    pub clashes: usize,
    /// Reasons may be given.
    pub can_reason: bool,
}

impl Findings {
    /// What the check says by now; a check that was not made yet is made.
    pub(super) async fn of(
        console: &Console,
        frame: &Frame<'_>,
        viewer: &Viewer,
        view: &SetView,
    ) -> Result<Self, Refusal> {
        match console.studio.check(view.set.id).await {
            Ok(checked) => Self::checked(console, frame, viewer, view, &checked).await,
            Err(StudioError::Wrong(Wrong::Clash(clashes))) => {
                Ok(Self { clashes: clashes.len(), ..Self::empty(view, viewer) })
            }
            Err(error) => Err(error.into()),
        }
    }

    fn empty(view: &SetView, viewer: &Viewer) -> Self {
        Self {
            id: view.set.id.to_string(),
            errors: Vec::new(),
            warnings: Vec::new(),
            due: Vec::new(),
            old: 0,
            due_elsewhere: 0,
            clashes: 0,
            can_reason: view.set.state.is_open() && writer(viewer).is_ok(),
        }
    }

    pub(super) async fn checked(
        console: &Console,
        frame: &Frame<'_>,
        viewer: &Viewer,
        view: &SetView,
        checked: &Checked,
    ) -> Result<Self, Refusal> {
        let names = Names::of(console).await?;
        let release = checked.release.clone().unwrap_or_else(|| shown::release(console));
        let labels = Labels { console, frame, release: &release };
        let line = |found: &Found| line(&labels, &names, viewer, view, found);
        let own: BTreeSet<ItemKey> = view.drafts.iter().map(|draft| family(&draft.change.key)).collect();
        let is_own = |found: &&Found| found.item.as_ref().is_some_and(|item| own.contains(&family(item)));
        let of = |severity| checked.found.iter().filter(move |found| found.finding.severity == severity);
        let due = of(Severity::Due).filter(is_own).count();
        Ok(Self {
            errors: checked.errors().take(SHOWN_MAX).map(line).collect(),
            warnings: checked.warnings().take(SHOWN_MAX).map(line).collect(),
            due: of(Severity::Due).filter(is_own).take(SHOWN_MAX).map(line).collect(),
            old: of(Severity::Warning).filter(|found| !found.is_new).count(),
            due_elsewhere: of(Severity::Due).count() - due,
            ..Self::empty(view, viewer)
        })
    }

    pub(super) fn old_count(&self) -> usize {
        self.old
    }

    pub(super) fn due_elsewhere_count(&self) -> usize {
        self.due_elsewhere
    }

    pub(super) fn is_clean(&self) -> bool {
        self.errors.is_empty() && self.warnings.iter().all(|line| line.reason.is_some()) && self.clashes == 0
    }
}

fn line(labels: &Labels<'_>, names: &Names, viewer: &Viewer, view: &SetView, found: &Found) -> Line {
    let place = found.item.as_ref().map(|item| {
        let changes: Vec<_> = view.drafts.iter().map(|draft| &draft.change).collect();
        let own = family(item);
        let of_family = |change: &&crate::content::items::Change| family(&change.key) == own;
        let changes: Vec<_> = changes.into_iter().filter(of_family).collect();
        let href = format!("/staff/content/item/{}/edit?set={}", address(item), view.set.id);
        (labels.title(&own, &changes), href)
    });
    let reason = view.reasons.get(&found.hash).map(|reason| Reason {
        text: reason.reason.clone(),
        by: names.get(reason.staff_id),
        at: viewer.time(reason.at),
    });
    let finding = &found.finding;
    Line {
        sentence: sentence(labels.frame, finding),
        place,
        lang: found.item.as_ref().and_then(ItemKey::locale),
        file: if finding.line == 0 {
            finding.file.clone()
        } else {
            format!("{}:{}", finding.file, finding.line)
        },
        hash: found.hash.clone(),
        reason,
    }
}

#[derive(Template)]
#[template(path = "staff/studio/set-findings.html")]
struct Piece<'a> {
    frame: Frame<'a>,
    findings: Findings,
}

#[derive(Template)]
#[template(path = "staff/studio/set-findings-page.html")]
struct Page<'a> {
    frame: Frame<'a>,
    bar: Option<Bar>,
    title: String,
    back: String,
    findings: Findings,
}

/// `GET /staff/content/sets/{id}/findings`: a piece of the set's page, or a page of its own where no script asks.
pub(super) async fn show(
    State(console): State<Arc<Console>>,
    viewer: Viewer,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    reader(&viewer)?;
    let view = set(&console, &id).await?;
    let back = path_of(view.set.id);
    let frame = Frame::of(&console, &viewer, SECTION).at(&format!("{back}/findings"));
    let findings = Findings::of(&console, &frame, &viewer, &view).await?;
    if is_piece(&headers) {
        return page(&Piece { frame, findings });
    }
    let bar = Some(Bar::of(&frame, &view));
    page(&Page { frame, bar, title: view.set.title.clone(), back, findings })
}
