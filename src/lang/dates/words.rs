//! Words in which people speak of days: Russian, Tajik and Kyrgyz. They are compared as skeletons, so in any script.

use std::{collections::HashMap, sync::LazyLock};

use super::Role;
use crate::lang::skeleton;

/// What a word says of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// Says nothing in a date: "year", "day of the month", Tajik "and".
    Filler,
    Month(i64),
    /// An abbreviation that may be a word of its own ("сен" is "thou"): a month only after a number.
    ShortMonth(i64),
    /// Days from today.
    Shift(i64),
    /// A stretch of so many days. `is_one`: in the form that means a single one ("неделю").
    Stretch {
        days: i64,
        is_one: bool,
    },
    Ago,
    /// Years from this one.
    Year(i64),
    /// From Monday, 0.
    Weekday(i64),
    /// Russian "in" of time and "by way of" a place.
    Through,
    Role(Role),
}

/// What the skeleton of one word says; `None` for a word that has nothing to do with days.
pub(super) fn word(key: &str) -> Option<Word> {
    WORDS.get(key).copied()
}

/// What two words say together.
pub(super) fn pair(first: &str, second: &str) -> Option<Word> {
    PAIRS.get(&(first.to_owned(), second.to_owned())).copied()
}

/// Whether letters that hang on digits are an ending: `5-го`, `5-ум`, `5и`, `5инде`.
pub(in crate::lang) fn is_ending(key: &str) -> bool {
    HUNG.contains(key)
}

/// Characters inside a word that say nothing.
pub(super) const fn is_silent(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ' | '‘' | 'ʻ' | '`' | '´' | '\u{ad}' | '\u{300}'..='\u{36f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

static WORDS: LazyLock<HashMap<String, Word>> = LazyLock::new(|| {
    let mut out = HashMap::new();
    // What stands first wins.
    for (spellings, word) in SINGLE {
        for spelling in spellings.split_whitespace() {
            out.entry(skeleton(spelling)).or_insert(*word);
        }
    }
    for (stems, endings, month) in MONTHS {
        for stem in stems.split_whitespace() {
            for ending in endings.split_whitespace() {
                let key = skeleton(&format!("{stem}{}", ending.trim_start_matches('-')));
                out.entry(key).or_insert(Word::Month(*month));
            }
        }
    }
    for (spellings, month) in SHORT_MONTHS {
        for spelling in spellings.split_whitespace() {
            out.entry(skeleton(spelling)).or_insert(Word::ShortMonth(*month));
        }
    }
    out
});

static PAIRS: LazyLock<HashMap<(String, String), Word>> = LazyLock::new(|| {
    let mut out = HashMap::new();
    for (firsts, seconds, word) in TOGETHER {
        for first in firsts.split_whitespace() {
            for second in seconds.split_whitespace() {
                out.insert((skeleton(first), skeleton(second)), *word);
            }
        }
    }
    out
});

static HUNG: LazyLock<std::collections::HashSet<String>> =
    LazyLock::new(|| ENDINGS.split_whitespace().map(skeleton).collect());

const ENDINGS: &str = "е ое го ого му м й я ум уми юм юми ӯм и ы у чи чы чу инчи ынчы унчу үнчү нчи нчы си су де да те та \
                       инде ында унда үндө синде сында";

const SINGLE: &[(&str, Word)] = &[
    ("г год года году числа число числе месяца соли сол моҳ моҳи рӯзи санаи ва", Word::Filler),
    ("жыл жылы жылдын ж ай айы айынын айдын күнү", Word::Filler),
    ("сегодня имрӯз имрузакак emruz бүгүн", Word::Shift(0)),
    ("вчера вчира дирӯз дишаб кечээ кече", Word::Shift(-1)),
    ("позавчера парирӯз", Word::Shift(-2)),
    ("завтра фардо пагоҳ эртең", Word::Shift(1)),
    ("послезавтра пасфардо бүрсүгүнү", Word::Shift(2)),
    ("через", Word::Through),
    ("порсол порсола былтыр былтыркы", Word::Year(-1)),
    ("имсол имсола", Word::Year(0)),
    ("день сутки", Word::Stretch { days: 1, is_one: true }),
    ("дня дней суток рӯз күн", Word::Stretch { days: 1, is_one: false }),
    ("неделю", Word::Stretch { days: 7, is_one: true }),
    ("недели недель неделе ҳафта жума апта", Word::Stretch { days: 7, is_one: false }),
    ("назад тому пеш пештар қабл мурун мурда илгери", Word::Ago),
    // About, almost, or, between, perhaps, I forgot, more than, in so many days.
    (
        "около примерно почти кажется вроде может наверно наверное или либо между помню забыл забыла больше более меньше \
         менее лишним конце начале середине гдето приблизительно прошлый прошлая прошлой прошлую прошлого прошлом \
         прошлые следующий следующая следующей следующую следующего следующем следующие будущего будущем позапрошлый \
         позапрошлой позапрошлую позапрошлого позапрошлом",
        Word::Role(Role::Doubt),
    ),
    (
        "ё тақрибан тахминан шояд гумонам намедонам зиёд зиёда қариб наздик наздики аввали охири миёнаи фаромӯш",
        Word::Role(Role::Doubt),
    ),
    // Also: until, later, is not.
    (
        "болжол болжолу болжолдуу чамасында чамалап балким эсимде ортосунда арасында башында аягында жакын көбүрөөк ашык \
         чейин кийин эмес унутуп унуттум билбейм",
        Word::Role(Role::Doubt),
    ),
    // Until, by, after, before, not.
    ("до к по после перед не то баъди баъд пас", Word::Role(Role::Before)),
    (
        "где как что чего сколько когда куда почему зачем можно нужно надо ли какой какие кто",
        Word::Role(Role::Question),
    ),
    ("куҷо чӣ чанд кай чаро мумкин кадом даркор лозим", Word::Role(Role::Question)),
    ("кайда кантип эмне канча качан болобу болот мүмкүнбү кайсы керек керекпи", Word::Role(Role::Question)),
    // Tajik Monday is a city as well, Friday in both languages a week: see below.
    ("понедельник понедельника дүйшөмбү дүйшөмбүдө", Word::Weekday(0)),
    ("вторник вторника сешанбе шейшемби шейшембиде", Word::Weekday(1)),
    ("среду среда среды чоршанбе чаҳоршанбе шаршемби шаршембиде", Word::Weekday(2)),
    ("четверг четверга панҷшанбе панчшанбе бейшемби бейшембиде", Word::Weekday(3)),
    ("пятницу пятница пятницы", Word::Weekday(4)),
    ("субботу суббота субботы шанбе ишемби ишембиде", Word::Weekday(5)),
    ("воскресенье воскресенья воскресение якшанбе жекшемби жекшембиде", Word::Weekday(6)),
    ("час часа часов утра вечера соат соати саат саати", Word::Role(Role::Time)),
];

const TOGETHER: &[(&str, &str, Word)] = &[
    // "In the morning", not "tomorrow".
    ("эртең", "менен", Word::Filler),
    ("мурда мурдагы мурунку", "күн күнү", Word::Shift(-2)),
    ("прошлого прошлом прошлый өткөн", "г год года году жыл жылы жылдын жылда", Word::Year(-1)),
    ("этого этом текущего текущем ушул", "г год года году жыл жылы жылдын жылда", Word::Year(0)),
    ("следующего следующем будущего будущем келерки", "г год года году жыл жылы жылдын жылда", Word::Year(1)),
    ("сол соли", "гузашта гузаштаи", Word::Year(-1)),
    ("сол соли", "ҷорӣ равон", Word::Year(0)),
    ("сол соли", "оянда", Word::Year(1)),
    ("рӯзи", "душанбе", Word::Weekday(0)),
    ("рӯзи", "ҷумъа чумъа", Word::Weekday(4)),
    ("жума", "күнү", Word::Weekday(4)),
    ("где", "то", Word::Role(Role::Doubt)),
    // Uzbek: "the first time".
    ("биринчи экинчи үчүнчү", "марта", Word::Role(Role::Doubt)),
];

/// Endings in Russian, Tajik and Kyrgyz; `-` is none.
const HARD: &str = "- а е у ом и ро та да тын дын та тан дан нын ын ун тун ында унда тагы";
const SOFT: &str = "- ь я е ю ём ем и ро да дын дан дун ын ун ында унда";

const MONTHS: &[(&str, &str, i64)] = &[
    ("январ", SOFT, 1),
    ("феврал", SOFT, 2),
    ("март", HARD, 3),
    ("апрел", SOFT, 4),
    ("май", "- и ро да дын дан ын", 5),
    ("ма", "я е ю ем", 5),
    ("июн", SOFT, 6),
    ("июл", SOFT, 7),
    ("август", HARD, 8),
    ("сентябр сентабр", SOFT, 9),
    ("октябр октабр", SOFT, 10),
    ("ноябр ноабр ноёбр", SOFT, 11),
    ("декабр", SOFT, 12),
    ("january", "-", 1),
    ("february", "-", 2),
    ("march", "-", 3),
    ("april", "-", 4),
    ("june", "-", 6),
    ("july", "-", 7),
    ("august", "-", 8),
    ("september", "-", 9),
    ("october", "-", 10),
    ("november", "-", 11),
    ("december", "-", 12),
];

const SHORT_MONTHS: &[(&str, i64)] = &[
    ("янв jan", 1),
    ("фев февр feb", 2),
    ("мар", 3),
    ("апр apr", 4),
    ("июнь jun", 6),
    ("июль jul", 7),
    ("авг aug", 8),
    ("сен сент sep", 9),
    ("окт oct", 10),
    ("ноя нояб nov", 11),
    ("дек dec", 12),
];
