//! News of change sets by letter and by Telegram: to publishers who may decide, and to whoever's set came back.

use safar::{
    clock::Clock as _,
    desk::{Role, staff::OwnChange},
    domain::{StaffId, StaffLocale},
    jobs,
    studio::{News, NewsKind},
};

use super::{
    super::{ANN, BEK, House},
    house, options, start_with,
};
use crate::{
    staff::visitor::account,
    store::backend::{Fresh, store_contract},
    support::{
        app::{Options, TestApp},
        smtp::FakeSmtp,
        sql,
    },
};

/// The publisher's chat with the bot.
const CHAT: i64 = 501;

store_contract!(those_concerned_hear_by_letter_and_chat, news_are_what_still_holds);

async fn with_address(app: &TestApp, login: &str, roles: &[Role]) -> StaffId {
    let id = account(app, login, roles).await;
    let own = OwnChange { locale: StaffLocale::En, zone: 300, email: format!("{login}@staff.example.org") };
    app.app.staff.change_own(id, &own).await.unwrap().unwrap();
    id
}

/// Waits for so many letters; the new ones.
async fn letters(app: &TestApp, smtp: &FakeSmtp, before: usize, new: usize) -> Vec<String> {
    let came = sql::until(async || {
        jobs::tell(&app.app.jobs).await.unwrap();
        jobs::raise(&app.app.jobs).await.unwrap();
        smtp.letters().len() >= before + new
    });
    assert!(came.await, "{:?}", smtp.letters());
    let all = smtp.letters();
    assert_eq!(all.len(), before + new, "{all:?}");
    all.into_iter().skip(before).collect()
}

async fn those_concerned_hear_by_letter_and_chat(fresh: Fresh) {
    let smtp = FakeSmtp::start(0).await;
    let app = start_with(&fresh, Options { smtp: Some(smtp.url.clone()), ..options(&fresh) }).await;
    let house = house(&app);
    // It begins here: what was before is no news.
    jobs::tell(&app.app.jobs).await.unwrap();
    let ann = with_address(&app, "ann", &[Role::Editor]).await;
    let bek = with_address(&app, "bek", &[Role::Publisher]).await;
    let code = app.app.staff.telegram_code(bek).await.unwrap();
    app.text(CHAT, &format!("/start {code}")).await;
    let own = with_address(&app, "cholpon", &[Role::Publisher]).await;
    with_address(&app, "con", &[Role::Consultant]).await;
    let set = house.set_by(ann, "Secret title", "не требуется", false).await;
    house.dearer(own, set).await;
    house.studio.send(ann, set).await.unwrap();
    // Only the publisher who did not work on it.
    let link = format!("http://bot.example.org/staff/content/sets/{set}");
    let told = letters(&app, &smtp, 0, 1).await;
    assert!(told[0].contains("bek@staff.example.org") && told[0].contains(&link), "{}", told[0]);
    assert!(!told[0].contains("Secret"), "{}", told[0]);
    let said = || app.fake.said().into_iter().map(|call| call.body.to_string());
    let in_chat = || said().filter(|body| body.contains(&link) && body.contains(&CHAT.to_string())).count();
    assert!(sql::until(async || in_chat() == 1).await, "{:?}", said().collect::<Vec<_>>());
    assert!(!said().any(|body| body.contains("Secret")));
    house.studio.send_back(bek, set, "Not yet").await.unwrap();
    let mut told = letters(&app, &smtp, 1, 2).await;
    told.sort();
    assert!(told.iter().any(|letter| letter.contains("ann@staff.example.org")), "{told:?}");
    assert!(told.iter().any(|letter| letter.contains("cholpon@staff.example.org")), "{told:?}");
    assert!(told.iter().all(|letter| letter.contains(&link) && !letter.contains("Not yet")), "{told:?}");
    jobs::tell(&app.app.jobs).await.unwrap();
    assert_eq!(in_chat(), 1);
    assert_eq!(smtp.letters().len(), 3);
    app.stop().await;
}

async fn news_are_what_still_holds(fresh: Fresh) {
    let house = House::on(&fresh).await;
    let studio = &house.studio;
    let set = house.set_of("не нужен", "не требуется").await;
    // It begins here: what was before is no news.
    assert_eq!(studio.news().await.unwrap(), []);
    studio.send(ANN, set).await.unwrap();
    let waits = News { kind: NewsKind::Waits, set, by: Some(ANN), authors: vec![ANN] };
    assert_eq!(studio.news().await.unwrap(), [waits]);
    assert_eq!(studio.news().await.unwrap(), []);
    // Who takes back their own knows it; what was sent and taken back in between is no news.
    studio.take_back(ANN, set).await.unwrap();
    studio.send(ANN, set).await.unwrap();
    studio.take_back(ANN, set).await.unwrap();
    assert_eq!(studio.news().await.unwrap(), []);
    studio.send(ANN, set).await.unwrap();
    studio.send_back(BEK, set, "Not yet").await.unwrap();
    let returned = News { kind: NewsKind::Returned, set, by: Some(BEK), authors: vec![ANN] };
    assert_eq!(studio.news().await.unwrap(), [returned]);
    // At its time another text was in force already.
    studio.send(ANN, set).await.unwrap();
    studio.approve(BEK, set, Some(house.clock.now().plus_ms(60_000))).await.unwrap();
    let quick = house.set_of("не нужен", "не нужен (быстро)").await;
    studio.send(ANN, quick).await.unwrap();
    studio.approve(BEK, quick, None).await.unwrap();
    house.clock.advance_ms(60_000);
    studio.publish_due().await.unwrap();
    let failed = News { kind: NewsKind::Failed, set, by: None, authors: vec![ANN] };
    assert_eq!(studio.news().await.unwrap(), [failed]);
}
