//! Personal data out of a question that is kept for staff.
//!
//! A word stays only if it is a plain one: a word of the texts or of our lists, or such a word with other endings. All else
//! may be a name, a number or an address. Better a plain word too many is hidden than a name too few is.

use std::{collections::HashSet, sync::LazyLock};

use super::{
    Vocabulary, fold,
    names::{is_bare_given, is_given, is_surname},
    skeleton,
    spoken::spoken,
};

/// Stands for what was hidden.
const MASK: &str = "…";

/// Numbers in words one after the other that may be one of a phone: two are "twenty five days".
const SPOKEN_MIN: usize = 3;

/// Words after "house" that tell its number: "number", and two of it.
const HOUSE_WORDS: usize = 3;

/// Words on each side of "birthday" that tell the day: "the twenty fifth of May two thousand …".
const BIRTH_WORDS: usize = 5;

/// The folded text without what may point to a person:
///
/// - every word that the vocabulary does not know;
/// - numbers, also inside words, and three or more numbers in words, one after the other;
/// - addresses: mail, web, `t.me`, `@name`, bare domains, names with an underscore;
/// - given names as they stand; with endings, and words that end like surnames, unless the vocabulary has the very word and
///   it has a small letter;
/// - what follows "my name is";
/// - the word after "street" and before it, the number in words after "house" or "flat", and the name of a firm;
/// - numbers and months beside "birthday" and "born".
pub fn mask(text: &str, vocabulary: &Vocabulary) -> String {
    let mut pieces: Vec<Piece> = text.split_whitespace().flat_map(pieces).collect();
    for piece in &mut pieces {
        let is_name = is_given(&piece.key) || is_surname(&piece.key);
        let is_plain = if is_name { vocabulary.has(&piece.key) } else { vocabulary.knows(&piece.key) };
        piece.is_known = is_plain || is_number(&piece.key);
        piece.is_hidden |=
            !piece.is_known || is_bare_given(&piece.key) || piece.is_capital && is_given(&piece.key);
    }
    for place in 0..pieces.len() {
        let Some(piece) = pieces.get(place) else { continue };
        let next = place + 1;
        if CUES.name.fits(piece) {
            let from = next + usize::from(pieces.get(next).is_some_and(|next| CUES.mine.fits(next)));
            // It may be a word that the texts know; what follows it as well is the question.
            hide(pieces.iter_mut().skip(from).take(1), |word| !vocabulary.is_function(&word.key));
        } else if CUES.street.fits(piece) {
            let is_named = |word: &Piece| !vocabulary.is_function(&word.key) && !CUES.house.fits(word);
            hide(pieces.iter_mut().skip(next).take(1), is_named);
            hide(pieces.iter_mut().take(place).skip(place.saturating_sub(1)), Piece::is_adjective);
        } else if CUES.firm.fits(piece) {
            hide(pieces.iter_mut().skip(next).take(1), |word| !vocabulary.is_function(&word.key));
        } else if CUES.house.fits(piece) {
            let is_told = |word: &Piece| is_number(&word.key) || CUES.number.fits(word);
            hide(pieces.iter_mut().skip(next).take(HOUSE_WORDS), is_told);
        } else if CUES.birth.fits(piece) {
            let is_day = |word: &Piece| is_number(&word.key) || CUES.month.fits(word);
            let from = place.saturating_sub(BIRTH_WORDS);
            pieces
                .iter_mut()
                .skip(from)
                .take(place - from + 1 + BIRTH_WORDS)
                .filter(|word| is_day(word))
                .for_each(|word| word.is_hidden = true);
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
    /// As streets are called: "Тверская улица".
    fn is_adjective(&self) -> bool {
        ["ская", "ской", "скую", "ский", "ском", "ная", "ной", "ную"]
            .iter()
            .any(|ending| self.folded.ends_with(ending))
    }
}

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

/// Words beside which names, addresses and birthdays stand.
struct Cues {
    name: Cue,
    mine: Cue,
    street: Cue,
    house: Cue,
    number: Cue,
    firm: Cue,
    birth: Cue,
    month: Cue,
}

/// Folded words and skeletons.
struct Cue(HashSet<String>);

impl Cue {
    fn new(list: &str) -> Self {
        let words = || list.split_whitespace();
        Self(words().map(fold).chain(words().map(skeleton)).collect())
    }

    /// As it is written, or by its skeleton where that is long enough to mean one word.
    fn fits(&self, piece: &Piece) -> bool {
        self.0.contains(&piece.folded) || (piece.key.len() >= CUE_MIN && self.0.contains(&piece.key))
    }
}

const CUE_MIN: usize = 3;

static CUES: LazyLock<Cues> = LazyLock::new(|| Cues {
    name: Cue::new(
        "зовут звать имя имени фамилия фамилию ном номи номам номаш насабам исм исми исмам атым аты атын ысымым \
         ысмым фамилиям",
    ),
    // May stand between: "номи ман".
    mine: Cue::new("мое моё моя меня ман мен менин его ее её у ӯ"),
    street: Cue::new(
        "улица улице улицы улицу ул проспект проспекте проспекта пр переулок переулке бульвар бульваре шоссе площадь \
         площади набережная набережной кӯча кӯчаи кӯчаҳои хиёбон хиёбони көчө көчөсү көчөсүндө деревня деревне посёлок \
         поселке деҳа деҳаи айыл айылы",
    ),
    house: Cue::new(
        "дом доме дома домик квартира квартире квартиры квартиру кв корпус корпусе строение подъезд подъезде этаж этаже \
         комната комнате комнату бино бинои хона хонаи хонаам ҳуҷра ҳуҷраи даромадгоҳ ошёна ошёнаи үй үйү үйдө батир \
         батири бөлмө бөлмөсү кабат кабаты",
    ),
    number: Cue::new("номер номера номерной рақами рақам номери номуру"),
    firm: Cue::new("ооо зао оао пао тоо осоо ҷдмм ооочка"),
    birth: Cue::new(
        "рождения рождение рожден родился родилась рожд таваллуд таваллудам зодрӯз зодрӯзам туулган туулгам туулдум \
         туулганым туулганмын",
    ),
    month: Cue::new(
        "январь января феврал февраль февраля март марта апрель апреля май мая июнь июня июль июля август августа сентябрь \
         сентября октябрь октября ноябрь ноября декабрь декабря январ апрел июн июл сентябр октябр ноябр декабр январи \
         феврали марти апрели майи июни июли августи сентябри октябри ноябри декабри январда февралда мартта апрелде \
         майда июнда июлда августта сентябрда октябрда ноябрда декабрда",
    ),
});

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary() -> Vocabulary {
        Vocabulary::new(
            [
                "паспорт потерял в Москве патент полиция забрала забрали задержали позвоните пишите не платит зарплату \
              бурданд кармап кетти три дня нет связи приехал обманул деньги дней канал улица адрес квартира дом подъезд \
              корти саломат кор мекунам и или где что как мне мой день рождения тверская",
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
            ("брата шваркнули", "брата …"),
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
            ("адрес москва щербинка барышевская роща дом шесть", "адрес москва … дом …"),
            ("улица тверская", "улица …"),
            ("тверская улица", "… улица"),
            ("квартира двенадцать подъезд два", "квартира … подъезд …"),
            ("мой день рождения пятое мая", "мой день рождения …"),
            ("ооо ромашка не платит", "… не платит"),
            ("", ""),
        ] {
            let found = mask(text, &vocabulary);
            if found != masked {
                wrong.push((text, found, masked));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    /// Names as people write them, none of which may be read, with any endings, letters and neighbours.
    const NAMES: &str = "токтогулов сатаров каттабеков кайратова бекзат бегзод абдусамад ориф хусрав шукрона мунаввара \
                         мавлюда зулайхо мохинур сайера шарофат tursunoy ziyoda жазгул кундуз гуля роза фарҳод farhod \
                         мухаммадюсуф гулбахор айжаркын нурсултан мээримкан бактыгул эркинбек чынаркан саидакбар хайём \
                         абдурахмонов ташбаева мамбетов рахматуллаева жээнбеков";

    proptest::proptest! {
        #[test]
        fn no_digit_is_left(text in proptest::prelude::any::<String>()) {
            proptest::prop_assert!(!mask(&text, &vocabulary()).chars().any(char::is_numeric));
        }

        #[test]
        fn whatever_stays_is_a_word_that_is_known(text in "[а-яёA-Za-zөүңғқҳҷӣӯ .,-]{0,60}") {
            let vocabulary = vocabulary();
            for word in mask(&text, &vocabulary).split(' ').filter(|word| !word.is_empty() && *word != MASK) {
                let key = skeleton(word);
                proptest::prop_assert!(vocabulary.knows(&key) || is_number(&key), "{word}");
            }
        }

        #[test]
        fn no_name_is_left(
            name in proptest::sample::select(NAMES.split_whitespace().collect::<Vec<_>>()),
            ending in proptest::sample::select(vec!["", "у", "га", "ро", "дан", "нын", "ды"]),
            before in proptest::sample::select(vec!["", "брат ", "акам ", "досум ", "вчера ", "и "]),
            is_capital in proptest::bool::ANY,
        ) {
            let mut word = format!("{name}{ending}");
            if is_capital {
                word = word.to_uppercase();
            }
            let masked = mask(&format!("{before}{word} патент"), &vocabulary());
            let folded = fold(&word);
            proptest::prop_assert!(!masked.contains(folded.as_str()), "{masked}");
        }
    }
}
