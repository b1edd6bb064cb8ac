//! The choices of a screen, in order. `compose` draws them; the engine reads numbers and labels by them.

use crate::{
    content::{Answer, CaseTap, Kind, Release, Token},
    domain::{Locale, NodeId},
};

use super::{CaseMark, Say, Screen, System};

/// One thing to tap.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    pub token: Token,
    pub label: Label,
    pub sign: Sign,
}

/// What a person writes for a choice, where there is nothing to tap (channels.md §6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// Its number on the screen, from 1.
    Number(usize),
    /// `0` home, `9` back, `*` a person, `#` the language.
    Mark(char),
    /// A word of command, by its message in `bot.ftl`: where a number is an answer.
    Word(&'static str),
}

impl Sign {
    /// Words that stand for a choice under an open question; a test finds each in the lexicon.
    pub const WORDS: [&'static str; 3] = ["sign-home", "sign-back", "sign-skip"];
}

/// Where a label's text stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Label {
    /// `.button` of a node, or its title.
    Node(NodeId),
    /// The same where another choice beside it is called so too: with the name of the page above it.
    Within(NodeId, NodeId),
    /// `.opt-<value>` of an ask.
    Option(NodeId, Box<str>),
    /// A message of `bot.ftl`.
    Interface(&'static str),
    /// A language's own name.
    OwnName(Locale),
    /// `bot.ftl` `resume` with the node's short label.
    Resume(NodeId),
}

/// Most choices of a page beside back, home and person: ten rows on WhatsApp (design §5).
pub const PER_PAGE: usize = 7;
/// Most where "back" does not stand.
pub const PER_PAGE_WITHOUT_BACK: usize = 8;

/// A screen's choices: its own, and the system's (back, home, person …).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    pub choices: Vec<Choice>,
    pub system: Vec<Choice>,
}

fn choice(token: Token, label: Label) -> Choice {
    Choice { token, label, sign: Sign::Number(0) }
}

impl Page {
    /// Gives each choice its sign. `is_open`: the screen waits for a date, a number or words.
    fn signed(mut self, is_open: bool) -> Self {
        let [home, back, skip] = Sign::WORDS;
        // Languages have the first numbers, also where something stands before them: the greeting says so.
        let is_language = |choice: &&mut Choice| matches!(choice.token, Token::Locale(_));
        let (first, rest): (Vec<_>, Vec<_>) =
            self.choices.iter_mut().chain(&mut self.system).partition(is_language);
        let mut number = 0;
        for choice in first.into_iter().chain(rest) {
            choice.sign = match (&choice.token, is_open) {
                (Token::Home, false) => Sign::Mark('0'),
                (Token::Home, true) => Sign::Word(home),
                (Token::Back, false) => Sign::Mark('9'),
                (Token::Back, true) => Sign::Word(back),
                (Token::Person, _) => Sign::Mark('*'),
                (Token::Language, _) => Sign::Mark('#'),
                (Token::Answer(_, value), true) if **value == *"skip" => Sign::Word(skip),
                (Token::Case(CaseTap::Skip), true) => Sign::Word(skip),
                _ => {
                    number += 1;
                    Sign::Number(number)
                }
            };
        }
        self
    }
}

/// Whether a node waits for an answer that no choice of it is: a date, a number, words.
pub(super) fn is_open_question(release: &Release, id: &NodeId) -> bool {
    matches!(release.node(id.as_str()).map(|node| &node.kind),
        Some(Kind::Ask(ask)) if !matches!(ask.answer, Answer::OneOf(_)))
}

/// The choices of a message.
pub fn choices(release: &Release, say: &Say) -> Page {
    let is_open = match &say.screen {
        Screen::Node(id) => is_open_question(release, id),
        Screen::System(system) => system.takes_words(),
        Screen::Outcome(..) => false,
    };
    unsigned(release, say).signed(is_open)
}

fn unsigned(release: &Release, say: &Say) -> Page {
    let home = choice(Token::Home, Label::Interface("button-home"));
    // Who is talking to a consultant goes back there by the same button.
    let person = match say.case {
        Some(CaseMark::Open) => choice(Token::Person, Label::Interface("button-case")),
        _ => choice(Token::Person, Label::Interface("button-person")),
    };
    let language = choice(Token::Language, Label::Interface("button-language"));
    let id = match &say.screen {
        Screen::System(System::Found) => {
            let is_person = |id: &&NodeId| is_called_person(release, id);
            let warning = Some(&release.settings.emergency).filter(|id| say.warn && !say.found.contains(id));
            let shown = say.found.iter().filter(|id| !is_person(id));
            let mut found: Vec<Choice> = warning.into_iter().chain(shown).map(page).collect();
            tell_twins_apart(release, &mut found);
            found.extend(say.resume.as_ref().map(to_ask));
            found.extend(say.suggest.map(language_choice));
            return Page { choices: found, system: vec![home, person] };
        }
        Screen::System(system) => {
            return system_choices(*system, say.suggest, home, release, person);
        }
        Screen::Node(id) | Screen::Outcome(id, _) => id,
    };
    let Some(node) = release.node(id.as_str()) else {
        return Page { choices: Vec::new(), system: vec![home, person] };
    };
    let is_unchosen = say.unchosen || say.locale.is_none();
    let is_home = release.is_home(id.as_str());
    let is_help = *id == release.settings.help;
    let mut own = match &node.kind {
        Kind::Ask(ask) => {
            let mut own = match &ask.answer {
                Answer::OneOf(options) => options
                    .iter()
                    .map(|value| {
                        choice(
                            Token::Answer(id.clone(), value.clone()),
                            Label::Option(id.clone(), value.clone()),
                        )
                    })
                    .collect(),
                _ => Vec::new(),
            };
            if ask.optional {
                let has_words = release.texts.has(Locale::REFERENCE, id.as_str(), Some("opt-skip"));
                let label = if has_words {
                    Label::Option(id.clone(), "skip".into())
                } else {
                    Label::Interface("button-skip")
                };
                own.push(choice(Token::Answer(id.clone(), "skip".into()), label));
            }
            own
        }
        Kind::Feedback => ["yes", "no"]
            .into_iter()
            .map(|value| {
                choice(Token::Answer(id.clone(), value.into()), Label::Option(id.clone(), value.into()))
            })
            .collect(),
        _ => node
            .choices
            .iter()
            .filter(|target| release.node(target.as_str()).is_some_and(|node| node.passes(&say.profile)))
            .map(page)
            .collect(),
    };
    let room = if say.back && !is_home { PER_PAGE } else { PER_PAGE_WITHOUT_BACK };
    let is_own = |own: &[Choice], id: &NodeId| {
        own.iter().any(|choice| matches!(&choice.token, Token::Node(own) if own == id))
    };
    if say.offer {
        own.insert(0, case(CaseTap::Urgent, "case-urgent"));
    }
    // What answers a question stands first, and gives way to the screen's own choices.
    for id in say.found.iter().rev() {
        if own.len() < room && !is_own(&own, id) && !is_called_person(release, id) {
            own.insert(0, page(id));
        }
    }
    if !say.found.is_empty() {
        tell_twins_apart(release, &mut own);
    }
    let emergency = &release.settings.emergency;
    if say.warn && id != emergency && !is_own(&own, emergency) {
        // The numbers of an ask's answers stay what they are.
        let place = if matches!(node.kind, Kind::Ask(_)) { own.len() } else { 0 };
        own.insert(place, page(emergency));
    }
    if !is_home && own.len() < room {
        own.extend(say.resume.as_ref().map(to_ask));
    }
    if let Some(locale) = say.suggest
        && !is_unchosen
        && own.len() < room
    {
        own.push(language_choice(locale));
    }
    // The way on to where one stood: unless it stands there anyway, or would cost the menu its one page.
    if let (true, Some(resume)) = (is_home, &say.resume)
        && own.len() < PER_PAGE_WITHOUT_BACK
        && !is_own(&own, resume)
    {
        own.insert(0, choice(Token::Node(resume.clone()), Label::Resume(resume.clone())));
    }
    if is_unchosen {
        // Help before the language was chosen: the way on is the language.
        // Ten rows with the three languages; what does not fit waits for the choice.
        let back = (say.back && !is_home).then(|| choice(Token::Back, Label::Interface("button-back")));
        own.truncate(PER_PAGE - usize::from(back.is_some()));
        let system = languages(say.suggest).into_iter().chain(back).collect();
        return Page { choices: own, system };
    }
    let mut system = Vec::with_capacity(3);
    if say.back && !is_home {
        system.push(choice(Token::Back, Label::Interface("button-back")));
    }
    system.push(if is_home { language } else { home });
    if !is_help {
        system.push(person);
    }
    Page { choices: paged(own, id, say.page, system.len() > 2), system }
}

/// A page of a long list, with the way to the next one (the last leads to the first).
fn paged(mut own: Vec<Choice>, id: &NodeId, page: u8, three_system: bool) -> Vec<Choice> {
    let most = if three_system { PER_PAGE } else { PER_PAGE_WITHOUT_BACK };
    if own.len() <= most {
        return own;
    }
    let per_page = most - 1;
    let pages = own.len().div_ceil(per_page);
    let page = usize::from(page) % pages;
    let mut shown: Vec<Choice> = own.drain(..).skip(page * per_page).take(per_page).collect();
    let next = ((page + 1) % pages) as u8;
    shown.push(choice(Token::Page(id.clone(), next), Label::Interface("button-more")));
    shown
}

/// The page of an ask or menu on which an item at `index` stands.
pub fn page_of(index: usize, total: usize, three_system: bool) -> u8 {
    let most = if three_system { PER_PAGE } else { PER_PAGE_WITHOUT_BACK };
    if total <= most { 0 } else { (index / (most - 1)) as u8 }
}

fn page(id: &NodeId) -> Choice {
    choice(Token::Node(id.clone()), Label::Node(id.clone()))
}

/// Back to the ask that waits.
fn to_ask(id: &NodeId) -> Choice {
    choice(Token::Page(id.clone(), 0), Label::Interface("button-question"))
}

/// Whether a page is called as the button is that stands below it for people: two of them say nothing.
fn is_called_person(release: &Release, id: &NodeId) -> bool {
    Locale::ALL.into_iter().any(|locale| {
        let button = release.texts.format(locale, id.as_str(), Some("button"), None);
        button.is_some() && button == release.interface.format(locale, "button-person", None, None)
    })
}

/// Choices that are called alike in some language get the name of the page above them.
fn tell_twins_apart(release: &Release, found: &mut [Choice]) {
    let called = |token: &Token, locale| match token {
        Token::Node(id) => release
            .texts
            .format(locale, id.as_str(), Some("button"), None)
            .or_else(|| release.texts.format(locale, id.as_str(), None, None)),
        _ => None,
    };
    let tokens: Vec<Token> = found.iter().map(|choice| choice.token.clone()).collect();
    for choice in found {
        let has_twin = tokens.iter().filter(|token| **token != choice.token).any(|token| {
            Locale::ALL.into_iter().any(|locale| {
                let own = called(&choice.token, locale);
                own.is_some() && own == called(token, locale)
            })
        });
        if let (true, Token::Node(id)) = (has_twin, &choice.token)
            && let Some(parent) = release.parent(id.as_str())
        {
            choice.label = Label::Within(id.clone(), parent.clone());
        }
    }
}

fn language_choice(locale: Locale) -> Choice {
    choice(Token::Locale(locale), Label::OwnName(locale))
}

/// The languages in the order in which they are offered: the suggested one first.
pub(super) fn language_order(suggest: Option<Locale>) -> Vec<Locale> {
    let rest = [Locale::Tg, Locale::Ky, Locale::Ru].into_iter().filter(|locale| Some(*locale) != suggest);
    suggest.into_iter().chain(rest).collect()
}

fn languages(suggest: Option<Locale>) -> Vec<Choice> {
    language_order(suggest).into_iter().map(language_choice).collect()
}

fn case(tap: CaseTap, label: &'static str) -> Choice {
    choice(Token::Case(tap), Label::Interface(label))
}

fn system_choices(
    system: System,
    suggest: Option<Locale>,
    home: Choice,
    release: &Release,
    person: Choice,
) -> Page {
    match system {
        System::Welcome => Page { choices: languages(suggest), system: Vec::new() },
        // Drawn from its message: `choices` never asks for it here.
        System::Found => Page { choices: Vec::new(), system: vec![home] },
        System::Language => Page { choices: languages(suggest), system: vec![home] },
        System::Courtesy => Page { choices: Vec::new(), system: vec![home, person] },
        System::DeleteAsk => Page {
            choices: vec![
                choice(Token::Delete(true), Label::Interface("delete-yes")),
                choice(Token::Delete(false), Label::Interface("delete-no")),
            ],
            system: Vec::new(),
        },
        System::StopAsk => Page {
            choices: vec![
                choice(Token::Stop, Label::Interface("stop-yes")),
                choice(Token::Here, Label::Interface("stop-no")),
            ],
            system: Vec::new(),
        },
        System::Deleted | System::Hidden => Page { choices: Vec::new(), system: vec![home] },
        System::MyData | System::Kept | System::Stopped => Page { choices: Vec::new(), system: vec![home] },
        System::CaseAsk => Page {
            choices: vec![
                case(CaseTap::Yes, "case-yes"),
                case(CaseTap::No, "case-no"),
                choice(Token::Node(release.settings.help.clone()), Label::Interface("case-places")),
            ],
            system: Vec::new(),
        },
        System::CaseAbout | System::CaseRemark | System::CaseMore => {
            Page { choices: vec![case(CaseTap::Skip, "button-skip")], system: vec![home] }
        }
        System::CaseClosed => Page {
            choices: vec![case(CaseTap::Helped, "case-helped"), case(CaseTap::Unhelped, "case-unhelped")],
            system: vec![home],
        },
        // A consultant's words stand alone, as a person's do; a receipt is no screen.
        System::CaseAnswer
        | System::CaseSent
        | System::StaffAlarm
        | System::StaffFollowUps
        | System::StaffSets => Page::default(),
        System::CaseThanks => Page { choices: Vec::new(), system: vec![home, person] },
        System::CaseReceived
        | System::CaseReceivedClosed
        | System::CaseWaiting
        | System::CaseInside
        | System::CaseClaimed
        | System::CaseRequeued
        | System::CaseAgain
        | System::CaseRefused
        | System::StaffTied
        | System::StaffCodeGone => Page { choices: Vec::new(), system: vec![home] },
    }
}
