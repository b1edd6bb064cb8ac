//! Russian words that were left standing in a Tajik or Kyrgyz text.
//!
//! Only what is Russian beyond doubt: words and endings that the other language does not have. Words that both have
//! (`на` "nor" and `то` "until" in Tajik, `от` "fire" and `он` "ten" in Kyrgyz) are in no list.

use crate::domain::Locale;

/// No words of Tajik, nor of Kyrgyz.
const IN_BOTH: &[&str] = &[
    "без",
    "более",
    "будет",
    "будут",
    "был",
    "была",
    "были",
    "было",
    "в",
    "вам",
    "вами",
    "вас",
    "ваш",
    "ваша",
    "ваше",
    "вашего",
    "вашей",
    "ваши",
    "ваших",
    "вашу",
    "вы",
    "где",
    "год",
    "года",
    "году",
    "даже",
    "деньги",
    "для",
    "дней",
    "до",
    "документов",
    "документы",
    "должен",
    "должна",
    "должны",
    "его",
    "если",
    "есть",
    "ещё",
    "её",
    "за",
    "и",
    "или",
    "когда",
    "который",
    "которая",
    "которого",
    "которое",
    "которой",
    "которые",
    "которых",
    "лет",
    "между",
    "менее",
    "месяц",
    "месяца",
    "месяцев",
    "может",
    "можно",
    "могут",
    "мы",
    "надо",
    "нас",
    "нельзя",
    "нет",
    "нужен",
    "нужна",
    "нужно",
    "нужны",
    "обязательно",
    "она",
    "очень",
    "перед",
    "поэтому",
    "после",
    "потом",
    "при",
    "работать",
    "работы",
    "рабочих",
    "рублей",
    "рубля",
    "свои",
    "своей",
    "своего",
    "свой",
    "свою",
    "своё",
    "сейчас",
    "себя",
    "сразу",
    "также",
    "только",
    "уже",
    "через",
    "что",
    "чтобы",
    "эта",
    "эти",
    "это",
    "этого",
    "этой",
    "этом",
    "этот",
    "эту",
];

/// No words of Tajik.
const IN_TAJIK: &[&str] = &["же", "как", "от"];

/// No words of Kyrgyz.
const IN_KYRGYZ: &[&str] = &["на", "но", "они", "по"];

/// Endings of Russian words of at least [`ENDING_MIN_LETTERS`] letters; no word of the two languages ends so.
const ENDINGS: &[&str] = &[
    "ться",
    "тся",
    "ение",
    "ения",
    "ению",
    "ением",
    "ость",
    "остью",
    "ская",
    "ские",
    "ский",
    "ского",
    "ское",
    "ской",
    "ском",
    "ских",
    "ционный",
    "ционная",
    "ционные",
    "ционного",
    "альный",
    "альная",
    "альное",
    "альные",
    "ельный",
    "ельная",
    "ельные",
    "ельного",
    "енный",
    "енная",
    "енные",
    "енного",
    "ными",
    "ная",
    "ное",
    "ные",
    "ного",
    "ному",
    "ьный",
    "ьная",
    "щий",
    "щая",
    "щие",
    "щих",
];

const ENDING_MIN_LETTERS: usize = 6;

/// Names of languages and peoples that stand so in any text.
const NAMES: &[&str] = &["русский"];

/// Whether a word, in small letters, is Russian and nothing else. Words of Russian texts are not asked about.
pub fn is_russian(word: &str, locale: Locale) -> bool {
    let own = match locale {
        Locale::Ru => return false,
        Locale::Tg => IN_TAJIK,
        Locale::Ky => IN_KYRGYZ,
    };
    if NAMES.contains(&word) {
        return false;
    }
    let is_long = word.chars().count() >= ENDING_MIN_LETTERS;
    IN_BOTH.contains(&word)
        || own.contains(&word)
        || (is_long && ENDINGS.iter().any(|end| word.ends_with(end)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn russian_words_are_told_from_those_of_both_languages() {
        for word in
            ["и", "для", "если", "вы", "который", "миграционный", "уведомление", "московская", "является"]
        {
            assert!(is_russian(word, Locale::Tg) && is_russian(word, Locale::Ky), "{word}");
            assert!(!is_russian(word, Locale::Ru));
        }
        for word in [
            "на",
            "не",
            "то",
            "ва",
            "ба",
            "аз",
            "ки",
            "он",
            "ду",
            "об",
            "по",
            "нам",
            "ним",
            "они",
            "дохилӣ",
            "одами",
            "пардохт",
            "шумо",
            "имтиҳони",
            "дархости",
            "русский",
            "рӯзи",
            "маошро",
            "кунад",
            "нест",
        ] {
            assert!(!is_russian(word, Locale::Tg), "{word}");
        }
        for word in [
            "не",
            "же",
            "от",
            "он",
            "ал",
            "бул",
            "үчүн",
            "каттоого",
            "тааный",
            "жашоого",
            "жана",
            "болуш",
            "депортация",
            "медициналык",
            "берүүчү",
            "киргизүү",
            "ошондой",
            "кандай",
            "келди",
            "жерде",
            "айына",
            "русский",
        ] {
            assert!(!is_russian(word, Locale::Ky), "{word}");
        }
    }
}
