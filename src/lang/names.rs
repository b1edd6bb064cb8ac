//! Names of people, to be kept out of what is stored: frequent given names of Tajikistan, Kyrgyzstan and Russia, and the
//! endings of surnames.

use std::sync::LazyLock;

use super::skeleton;

/// Letters of a name that may have endings; a shorter one must stand alone.
const STEM_MIN: usize = 4;

/// Longest ending of a name: case, possession.
const ENDING_MAX: usize = 4;

/// Letters of a surname with its ending.
const SURNAME_MIN: usize = 6;

/// Whether a word's skeleton is a frequent given name, perhaps with endings.
pub(super) fn is_given(key: &str) -> bool {
    GIVEN.iter().any(|name| {
        key.strip_prefix(name.as_str())
            .is_some_and(|ending| ending.is_empty() || (name.len() >= STEM_MIN && ending.len() <= ENDING_MAX))
    })
}

/// Whether it is one without endings.
pub(super) fn is_bare_given(key: &str) -> bool {
    GIVEN.binary_search_by(|name| name.as_str().cmp(key)).is_ok()
}

/// Whether a word's skeleton ends as surnames and patronymics do.
pub(super) fn is_surname(key: &str) -> bool {
    key.len() >= SURNAME_MIN && SURNAMES.iter().any(|ending| key.ends_with(ending.as_str()))
}

static GIVEN: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut names: Vec<String> =
        NAMES.iter().flat_map(|names| names.split_whitespace()).map(skeleton).collect();
    names.sort_unstable();
    names.dedup();
    names
});

static SURNAMES: LazyLock<Vec<String>> = LazyLock::new(|| ENDINGS.split_whitespace().map(skeleton).collect());

const ENDINGS: &str = "ов ова ову овым овой ев ева еву евым евой ович евич овна евна зода зоде бек бека беков бой хон жон \
                       ҷон уулу кызы иддин улло";

/// Without final vowels where these change. Names that are plain words too (hope, steel, husband) are missing.
const NAMES: &[&str] = &[
    // Tajik
    "фаррух рустам ҷамшед чамшед далер фирдавс фирӯз хуршед шерзод шариф саид сайид абдул абдулл абдураҳмон азиз акбар \
     акмал алишер амир анвар аслам баҳодур баҳром беҳрӯз беҳзод бахтиёр давлатшо диловар дилшод зафар икром илҳом исмоил \
     камол карим комил комрон маҳмад маҳмуд мансур мирзо муҳаммад мурод музаффар нозим насим нурали обид парвиз раҷаб \
     раҳим раҳмон раҳматулло расул сангин собир содиқ суҳроб тоҳир толиб умар усмон файзулло фарид фаридун ҳабиб ҳаким \
     ҳамза ҳасан ҳусейн ҷаҳонгир ҷовид шавкат шодмон эмомали эраҷ юсуф ёқуб зокир зоҳир қодир қосим али алӣ сафарал",
    "адиба азиза гулнор гулчеҳр гулбаҳор дилбар дилноз дилором зарин зулфи замир зуҳр лола мадин малик маниж мавлуд \
     мавзун меҳрангез мунир нигин нигор нилуфар нози нозанин парвин рухшон рухсор ситор сабрин тахмин фарзон фарангис \
     фотим ҳамид шаҳло шаҳноз шаҳзод",
    "абдусамад бегзод зиёда зулайх мавлюд моҳинур мунаввар ориф сайёр турсуной фарҳод хайём хусрав шарофат шукрон",
    // Kyrgyz
    "азамат айбек акылбек алмаз алтынбек асан аскар бакыт бектур данияр дастан жаныбек жоомарт ильяс кубан кубат кылыч \
     манас мирбек мирлан медер мурат нурбек нурлан нурсултан омурбек руслан самат санжар сыймык талант таалай талгат \
     тилек төлөгөн улан урмат чынгыз эмил эрлан эрмек кайрат канат",
    "айжан айгүл айгерим айнура айзада айпери алия анара асел бегимай гүлзат гүлмира гүлнар гүлжан динара жамил жибек \
     жылдыз зейнеп камил махабат назгүл нурзат нургүл перизат салтанат сезим толгонай чолпон эльвир элнур эльмир",
    "бекзат гуля жазгүл кундуз мээрим роза розу",
    // Russian
    "александр алексе андре анна анну антон анастаси валентин васили виктор витали владимир владислав вячеслав галин \
     геннади георги григори денис дмитри евгени екатерин елен иван игор ирин кирилл константин ксени людмил максим \
     марин мария марию михаил наталь наташ никит никола оксан олег ольг павел петр роман светлан серге станислав степан \
     татьян тимур федор юлия юлию юрий ярослав саша сашу серега вова дима леша женя коля миша таня маша",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_with_endings_and_in_any_letters() {
        for name in ["Фаррух", "farruh", "фаррухро", "Азаматты", "Мариной", "чамшед", "Али"]
        {
            assert!(is_given(&skeleton(name)), "{name}");
        }
        for name in ["Каримова", "Раҳимзода", "Бакытбек", "karimov", "Асан уулу", "Саидович"]
        {
            assert!(is_surname(&skeleton(name)), "{name}");
        }
        for word in ["патент", "алимент", "хозяин", "айлык", "мактаб"] {
            assert!(!is_given(&skeleton(word)) && !is_surname(&skeleton(word)), "{word}");
        }
    }
}
