//! Words of the code that pages turn into texts: each has one in each language.

use safar::{
    app::console_texts,
    desk::{Role, audit::Verb, staff::Wrong},
    domain::StaffLocale,
};

#[test]
fn every_word_of_the_code_has_a_text_in_each_language() {
    let texts = console_texts().unwrap();
    let wrong = [
        Wrong::Login,
        Wrong::LoginTaken,
        Wrong::Name,
        Wrong::Roles,
        Wrong::Zone,
        Wrong::Skills,
        Wrong::Email,
        Wrong::MaxCases,
        Wrong::LastAdmin,
        Wrong::Changed,
    ];
    let ids = Verb::ALL
        .iter()
        .map(|verb| format!("verb-{}", verb.as_str()))
        .chain(Role::ALL.iter().flat_map(|role| [format!("role-{role}"), format!("role-hint-{role}")]))
        .chain(wrong.iter().map(|wrong| format!("wrong-{}", wrong.as_str())))
        .chain(safar::studio::Wrong::WORDS.iter().map(|word| format!("studio-wrong-{word}")))
        .chain(
            [
                "staff",
                "case",
                "code",
                "attachment",
                "settings",
                "entry",
                "import",
                "evidence",
                "report",
                "change-set",
                "publication",
            ]
            .map(|kind| format!("object-{kind}")),
        );
    for id in ids {
        for locale in StaffLocale::ALL {
            assert!(texts.has(locale, &id), "{locale}: {id}");
        }
    }
}
