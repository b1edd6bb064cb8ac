//! Personal data out of a question that is kept for staff.
//!
//! A word is hidden where it may be a name, a number or an address. Better a plain word too many than one name too few:
//! what was asked is mostly said by words that the texts know, and those stay.

use std::{collections::HashSet, sync::LazyLock};

use super::{
    Vocabulary, fold,
    names::{is_given, is_surname},
    skeleton,
    spoken::spoken,
};

/// Stands for what was hidden.
const MASK: &str = "…";

/// Words hidden after "my name is".
const NAME_WORDS: usize = 3;

/// Unknown words hidden after "brother", and before "aka".
const PERSON_WORDS: usize = 2;

/// Numbers in words one after the other that may be one of a phone: two are "twenty five days".
const SPOKEN_MIN: usize = 3;

/// The folded text without what may point to a person:
///
/// - numbers, also inside words, and three or more numbers in words, one after the other;
/// - addresses: mail, web, `t.me`, `@name`, bare domains, names with an underscore;
/// - words with a capital letter that the vocabulary does not know, in any place;
/// - frequent given names and words that end like surnames, in any letters, unless the vocabulary knows the word and it
///   has a small letter;
/// - what follows "my name is" and stands in "I am …" (`ман … ҳастам`);
/// - unknown words after "brother", "husband", "boss" and the like, and before "aka".
pub fn mask(text: &str, vocabulary: &Vocabulary) -> String {
    let mut pieces: Vec<Piece> = text.split_whitespace().flat_map(pieces).collect();
    for piece in &mut pieces {
        piece.is_known = vocabulary.knows(&piece.key) || CUES.has(piece) || is_number(&piece.key);
        let is_name = is_given(&piece.key);
        piece.is_hidden |=
            if piece.is_capital { is_name || !piece.is_known } else { is_name && !piece.is_known };
        piece.is_hidden |= is_surname(&piece.key) && !piece.is_known;
    }
    for place in 0..pieces.len() {
        let Some(piece) = pieces.get(place) else { continue };
        let (before, after) = (place.saturating_sub(PERSON_WORDS)..place, place + 1..pieces.len());
        if CUES.name.fits(piece) {
            let from =
                after.start + usize::from(pieces.get(after.start).is_some_and(|next| CUES.mine.fits(next)));
            // The first may be a word that the texts know; what follows it as well is the question.
            hide(pieces.iter_mut().skip(from).take(1), |word| !vocabulary.is_function(&word.key));
            hide(pieces.iter_mut().skip(from).take(NAME_WORDS), |word| !word.is_known);
        }
        let Some(piece) = pieces.get(place) else { continue };
        if CUES.am.fits(piece) {
            hide(pieces.iter_mut().take(before.end).skip(before.start).rev(), Piece::may_be_name);
        } else if CUES.person.fits(piece) {
            hide(pieces.iter_mut().skip(after.start).take(PERSON_WORDS), Piece::may_be_name);
        }
    }
    hide_spoken(&mut pieces);
    let mut out: Vec<&str> = Vec::with_capacity(pieces.len());
    for piece in &pieces {
        let word = if piece.is_hidden { MASK } else { piece.folded.as_str() };
        if !(word.is_empty() || word == MASK && out.last() == Some(&MASK)) {
            out.push(word);
        }
    }
    out.join(" ")
}

/// A word of the text.
#[derive(Default)]
struct Piece {
    folded: String,
    key: String,
    is_capital: bool,
    is_known: bool,
    is_hidden: bool,
}

impl Piece {
    /// Unknown, and no form of a verb: "брата скрутили".
    fn may_be_name(&self) -> bool {
        let is_long = self.folded.chars().count() >= VERB_MIN;
        let is_verb = is_long
            && (VERB_ENDINGS.iter().any(|ending| self.folded.ends_with(ending))
                || VERB_BEGINNINGS.iter().any(|beginning| self.folded.starts_with(beginning)));
        !(self.is_known || is_verb && !self.is_capital)
    }
}

/// Letters of a verb that is told from a name by its form.
const VERB_MIN: usize = 5;

/// Of verbs, folded: Russian; Tajik; Kyrgyz.
const VERB_ENDINGS: &[&str] = &[
    "ли",
    "лся",
    "лась",
    "лись",
    "ть",
    "ться",
    "ет",
    "ют",
    "ит",
    "ется",
    "ются",
    "анд",
    "аст",
    "ды",
    "ди",
    "ду",
    "ты",
    "ти",
    "ту",
    "шты",
    "шти",
    "тып",
    "жатат",
];
const VERB_BEGINNINGS: &[&str] = &["меб", "мег", "мед", "мез", "мек", "мер", "меш", "наме"];

/// Hides words as long as they fit; those hidden before fit too.
fn hide<'a>(words: impl Iterator<Item = &'a mut Piece>, fits: impl Fn(&Piece) -> bool) {
    words.take_while(|word| word.is_hidden || fits(word)).for_each(|word| word.is_hidden = true);
}

/// Hides runs of numbers in words; what is hidden already does not end a run.
fn hide_spoken(pieces: &mut [Piece]) {
    let mut start = 0;
    while start < pieces.len() {
        let run =
            pieces.iter().skip(start).take_while(|piece| piece.is_hidden || is_number(&piece.key)).count();
        let numbers = pieces.iter().skip(start).take(run).filter(|piece| is_number(&piece.key)).count();
        if numbers >= SPOKEN_MIN {
            pieces.iter_mut().skip(start).take(run).for_each(|piece| piece.is_hidden = true);
        }
        start += run.max(1);
    }
}

fn is_number(key: &str) -> bool {
    key == "plius" || key == "plus" || spoken(key).is_some()
}

/// The words of what stands between two spaces; an address is one.
fn pieces(chunk: &str) -> Vec<Piece> {
    if is_address(chunk) {
        return vec![Piece { is_hidden: true, ..Piece::default() }];
    }
    let is_border = |c: char| c.is_ascii_punctuation() && c != '\'' && c != '`' || BORDERS.contains(&c);
    let mut out = Vec::new();
    for part in chunk.split(is_border) {
        let is_capital = part.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_uppercase);
        let is_hidden = part.chars().any(char::is_numeric);
        // Signs that are no border fall away by folding, and may leave several words.
        for folded in fold(part).split(' ').filter(|word| !word.is_empty()) {
            let (folded, key) = (folded.to_owned(), skeleton(folded));
            out.push(Piece { folded, key, is_capital, is_known: false, is_hidden });
        }
    }
    out
}

const BORDERS: &[char] = &['—', '–', '«', '»', '…', '„', '“', '”', '‚', '№', '•'];

/// Mail, web, `@name`, a name with an underscore, a bare domain.
fn is_address(chunk: &str) -> bool {
    let chunk = chunk.to_lowercase();
    if chunk.contains('@') || chunk.contains("://") || chunk.contains('_') || chunk.starts_with("www.") {
        return true;
    }
    let host = chunk.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let host = host.trim_matches(|c: char| !c.is_alphanumeric());
    host.rsplit_once('.').is_some_and(|(name, top)| !name.is_empty() && DOMAINS.contains(&top))
}

const DOMAINS: &[&str] = &[
    "ru",
    "рф",
    "su",
    "com",
    "org",
    "net",
    "me",
    "info",
    "kg",
    "tj",
    "kz",
    "uz",
    "by",
    "ua",
    "biz",
    "online",
    "site",
    "app",
    "io",
    "gg",
    "tv",
    "cc",
    "ly",
    "link",
    "club",
    "pro",
    "xyz",
    "top",
    "shop",
    "store",
    "co",
    "eu",
    "tr",
    "de",
    "ир",
    "онлайн",
    "сайт",
];

/// Words beside which names stand.
struct Cues {
    name: Cue,
    mine: Cue,
    am: Cue,
    person: Cue,
}

impl Cues {
    fn has(&self, piece: &Piece) -> bool {
        [&self.name, &self.mine, &self.am, &self.person].iter().any(|cue| cue.fits(piece))
    }
}

/// Folded words and skeletons.
struct Cue(HashSet<String>);

impl Cue {
    fn new(lists: &[&str]) -> Self {
        let words = || lists.iter().flat_map(|list| list.split_whitespace());
        Self(words().map(fold).chain(words().map(skeleton)).collect())
    }

    /// As it is written, or by its skeleton where that is long enough to mean one word.
    fn fits(&self, piece: &Piece) -> bool {
        self.0.contains(&piece.folded) || (piece.key.len() >= CUE_MIN && self.0.contains(&piece.key))
    }
}

const CUE_MIN: usize = 3;

static CUES: LazyLock<Cues> = LazyLock::new(|| Cues {
    name: Cue::new(NAME),
    mine: Cue::new(MINE),
    am: Cue::new(AM),
    person: Cue::new(PERSON),
});

/// A name follows.
const NAME: &[&str] =
    &["зовут звать имя имени", "ном номи номам номаш исм исми исмам", "атым аты атын ысымым ысмым"];

/// May stand between: "номи ман".
const MINE: &[&str] = &["мое моё моя меня ман мен менин его ее её у ӯ"];

/// A name stands before: "ман … ҳастам", "… деген", "… ака".
const AM: &[&str] =
    &["ҳастам мебошам болом деген дегенди дегенге аттуу ака акаи акаҷон амак тағо хола байке эже ага апа"];

/// Names follow people, and messengers; also "surname" and "citizen", after which plain words stand as often.
const PERSON: &[&str] = &[
    "брат брата брату братом братан братишка братишку братья сын сына сыну дочь дочку дочка дочери муж мужа мужу жена \
     жену жене друг друга другу подруга подругу сестра сестру сестре отец отца папа папу мать мама маму дядя дядю дяде \
     тётя тётю племянник племянника племянницу сосед соседа соседка земляк земляка земляки родственник родственника \
     гражданин гражданина гражданка гражданку фамилия фамилии фамилию отчество хозяин хозяина хозяйка начальник начальника бригадир бригадира прораб прораба посредник посредника шеф",
    "насаб насабам насабаш фамилияам фамилиям фамилиясы бародар бародарам бародарамро бародарро додар додарам додарамро додари акаам ака акам акаамро писар писарам \
     писарамро духтар духтарам шавҳар шавҳарам шавҳарамро зан занам занамро падар падарам модар модарам хоҳар хоҳарам \
     дӯст дӯстам дӯстамро рафиқ рафиқам рафиқамро амак амакам тағо тағоям ҷиян ҷиянам ҳамдеҳа хӯҷаин соҳибкор сардор",
    "байке байкем байкемди ага агам агамды ини иним инимди уулум уулумду кызым кызымды күйөөм күйөөмдү аялым аялымды \
     атам атамды апам апамды эже эжем эжемди сиңдим карындашым жээним досум досумду тууганым тууганымды кожоюн жездем",
    "телеграм телега инстаграм инста ватсап вотсап ник логин аккаунт telegram instagram whatsapp nik",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary() -> Vocabulary {
        Vocabulary::new(
            [
                "паспорт потерял в Москве патент полиция забрала забрали задержали позвоните пишите не платит зарплату брат \
              муж бурданд кармап кетти хозяин три дня нет связи приехал бригадир обманул деньги дней телеграм канал \
              корти ман саломат кор мекунам и или где что как мне мой",
            ],
            ["меня на по в и или где что как не мне из мой у аст ман мен менин маро мени"],
        )
    }

    #[test]
    fn names_numbers_and_addresses_are_hidden_and_the_question_stays() {
        let vocabulary = vocabulary();
        let mut wrong = Vec::new();
        for (text, masked) in [
            ("Меня зовут Фаррух Каримов, где патент?", "меня зовут … где патент"),
            ("МЕНЯ ЗОВУТ ФАРРУХ, ГДЕ ПАТЕНТ", "меня зовут … где патент"),
            ("меня зовут шукурулло, где патент", "меня зовут … где патент"),
            ("Шукурулло не платит зарплату", "… не платит зарплату"),
            ("фаррух не платит", "… не платит"),
            ("каримова не платит", "… не платит"),
            ("karimov ne platit", "… ne platit"),
            ("номи ман шукурулло, патент", "номи ман … патент"),
            ("Номам Зарина Раҳимова аст", "номам … аст"),
            ("менин атым жоодарбек, патент", "менин атым … патент"),
            ("ман шукурулло ҳастам, патент", "ман … хастам патент"),
            ("жоодарбек деген бригадир", "… деген бригадир"),
            ("брата шукурулло забрали", "брата … забрали"),
            ("брата Шукурулло Назар забрала полиция", "брата … забрала полиция"),
            ("брата забрали", "брата забрали"),
            ("брата скрутили", "брата скрутили"),
            ("шукурулло ака не платит", "… ака не платит"),
            ("паспорт AB1234567 потерял в Москве", "паспорт … потерял в москве"),
            ("паспорт ab12 и аб12вг", "паспорт … и …"),
            ("Позвоните +992 900 12-34-56 Саидову", "позвоните …"),
            ("позвоните плюс семь девятьсот двадцать пять", "позвоните …"),
            ("позвоните нӯҳсад бист панҷ", "позвоните …"),
            ("позвоните тогуз жүз беш", "позвоните …"),
            ("три дня нет", "три дня нет"),
            ("приехал двадцать пять дней", "приехал двадцать пять дней"),
            ("Пишите на a.b@mail.ru или https://t.me/x", "пишите на … или …"),
            ("пишите t.me/farruh, wa.me/x, @farruh_k и farruh_k", "пишите … и …"),
            ("пишите на sayt.ru, мой.рф или T.ME/x.", "пишите на … или …"),
            ("не платит.Что мне", "не платит что мне"),
            ("бригадир обманул,Шукурулло", "бригадир обманул …"),
            ("", ""),
        ] {
            let found = mask(text, &vocabulary);
            if found != masked {
                wrong.push((text, found, masked));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    proptest::proptest! {
        #[test]
        fn no_digit_is_left(text in proptest::prelude::any::<String>()) {
            proptest::prop_assert!(!mask(&text, &vocabulary()).chars().any(char::is_numeric));
        }
    }
}
