//! Accounts and logging in, on both databases, with a clock that the test moves.

use std::sync::Arc;

use safar::{
    clock::{MockClock, SystemIds},
    desk::{
        Role, Roles,
        staff::{
            Account, Change, Confirmed, Enrolled, Entry, NewAccount, OwnChange, PasswordSet, Rules, Staff,
            Step, Wrong,
        },
    },
    domain::{ContactId, StaffId, StaffLocale, Timestamp},
    privacy::{Keys, totp},
    store::{Tx, staff, staff_sessions},
};

use crate::store::backend::{Fresh, NOW, store_contract};

const PASSWORD: &str = "long enough to pass";
const HERE: &str = "203.0.113.7";
const MINUTE: i64 = 60_000;

store_contract!(
    an_account_begins_with_a_link_that_works_once,
    a_link_runs_out_and_a_newer_one_voids_it,
    failures_of_an_account_make_pauses_that_grow,
    failures_of_an_address_pause_everybody_there,
    tries_at_once_are_all_counted,
    a_right_password_takes_the_failures_back,
    the_second_step_takes_each_code_once,
    guesses_of_the_second_step_are_paused,
    a_code_of_recovery_works_once,
    an_offer_is_for_one_account_only,
    sessions_end_idle_and_absolutely_and_live_updates_do_not_keep_them,
    a_new_password_ends_the_other_sessions,
    locking_and_lost_roles_hold_at_once,
    the_last_administrator_stays,
    two_who_change_an_account_do_not_overwrite_each_other,
    what_cannot_be_an_account_is_refused,
    a_telegram_contact_is_tied_once,
    an_email_is_sealed_and_reaches_the_alarm,
    who_needs_a_second_step_cannot_go_on_without,
    what_has_ended_is_purged,
);

pub struct House {
    pub staff: Staff,
    pub clock: Arc<MockClock>,
}

impl House {
    pub fn on(fresh: &Fresh) -> Self {
        let clock = Arc::new(MockClock::at(NOW));
        let keys = Keys::from_secret(&[7; 32]);
        let ids = Arc::new(SystemIds::new());
        let staff = Staff::new(fresh.store.clone(), keys, clock.clone(), ids, Rules::default());
        Self { staff, clock }
    }

    fn pass_minutes(&self, minutes: i64) {
        self.clock.advance_ms(minutes * MINUTE);
    }

    pub fn now(&self) -> Timestamp {
        use safar::clock::Clock as _;
        self.clock.now()
    }

    /// An account with a password.
    pub async fn account(&self, login: &str, roles: &[Role]) -> StaffId {
        let id = self.staff.add(None, &new(login, roles)).await.unwrap().unwrap();
        let token = self.staff.password_link(None, id).await.unwrap();
        assert_eq!(self.staff.set_by_link(&token, PASSWORD).await.unwrap(), PasswordSet::Done);
        id
    }

    async fn log_in(&self, login: &str) -> String {
        token(self.staff.log_in(login, PASSWORD, HERE).await.unwrap())
    }

    async fn step(&self, token: &str) -> Option<Step> {
        self.staff.seen(token, false).await.unwrap().map(|seen| seen.step)
    }

    async fn get(&self, id: StaffId) -> Account {
        self.staff.get(id).await.unwrap().unwrap()
    }

    /// Sets up a second step in a session; its secret, the new token, the codes of recovery.
    async fn enrol(&self, token: &str, id: StaffId) -> (Vec<u8>, String, Vec<String>) {
        let offer = self.staff.offer(id, "gulnara");
        let secret = from_base32(&offer.key);
        let code = totp::code_at(&secret, self.now()).unwrap();
        match self.staff.enrol(token, id, &offer.sealed, &code, HERE).await.unwrap() {
            Enrolled::Done { token, codes } => (secret, token, codes),
            _ => panic!("not enrolled"),
        }
    }
}

pub fn from_base32(text: &str) -> Vec<u8> {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bit = |value: usize, place: usize| if value >> place & 1 == 1 { '1' } else { '0' };
    let values = text.chars().filter(|c| *c != ' ').map(|c| alphabet.find(c).unwrap());
    let bits: String = values.flat_map(|value| (0..5).rev().map(move |place| bit(value, place))).collect();
    bits.as_bytes()
        .chunks_exact(8)
        .map(|byte| u8::from_str_radix(std::str::from_utf8(byte).unwrap(), 2).unwrap())
        .collect()
}

fn token(entry: Entry) -> String {
    match entry {
        Entry::In { token } => token,
        other => panic!("{other:?}"),
    }
}

fn new(login: &str, roles: &[Role]) -> NewAccount {
    NewAccount {
        login: login.to_owned(),
        name: "Гулнора".to_owned(),
        roles: roles.iter().copied().collect(),
        locale: StaffLocale::Tg,
        zone: 300,
    }
}

async fn an_account_begins_with_a_link_that_works_once(fresh: Fresh) {
    let house = House::on(&fresh);
    assert!(house.staff.is_empty().await.unwrap());
    let id = house.staff.add(None, &new(" Gulnara ", &[Role::Consultant])).await.unwrap().unwrap();
    assert_eq!(house.staff.log_in("gulnara", "", HERE).await.unwrap(), Entry::Refused);
    let link = house.staff.password_link(None, id).await.unwrap();
    assert_eq!(house.staff.link_owner(&link).await.unwrap().unwrap().login, "gulnara");
    for (password, expected) in [
        ("short", PasswordSet::Length),
        ("i am gulnara 1", PasswordSet::Weak),
        (PASSWORD, PasswordSet::Done),
        (PASSWORD, PasswordSet::Gone),
    ] {
        assert_eq!(house.staff.set_by_link(&link, password).await.unwrap(), expected, "{password}");
    }
    assert!(house.staff.link_owner(&link).await.unwrap().is_none());
    assert_eq!(house.staff.log_in("gulnara", "another password", HERE).await.unwrap(), Entry::Refused);
    assert_eq!(house.staff.log_in("nobody", PASSWORD, HERE).await.unwrap(), Entry::Refused);
    let token = token(house.staff.log_in(" GULNARA", PASSWORD, HERE).await.unwrap());
    let seen = house.staff.seen(&token, false).await.unwrap().unwrap();
    assert_eq!((seen.step, seen.account.id, seen.account.name.as_str()), (Step::Done, id, "Гулнора"));
    house.staff.log_out(&token).await.unwrap();
    assert_eq!(house.step(&token).await, None);
}

async fn a_link_runs_out_and_a_newer_one_voids_it(fresh: Fresh) {
    let house = House::on(&fresh);
    let id = house.staff.add(None, &new("gulnara", &[Role::Consultant])).await.unwrap().unwrap();
    let first = house.staff.password_link(None, id).await.unwrap();
    let second = house.staff.password_link(None, id).await.unwrap();
    assert_eq!(house.staff.set_by_link(&first, PASSWORD).await.unwrap(), PasswordSet::Gone);
    house.pass_minutes(48 * 60);
    assert_eq!(house.staff.set_by_link(&second, PASSWORD).await.unwrap(), PasswordSet::Gone);
    let third = house.staff.password_link(None, id).await.unwrap();
    house.staff.set_locked(None, id, true).await.unwrap().unwrap();
    assert_eq!(house.staff.set_by_link(&third, PASSWORD).await.unwrap(), PasswordSet::Gone);
}

async fn failures_of_an_account_make_pauses_that_grow(fresh: Fresh) {
    let house = House::on(&fresh);
    house.account("gulnara", &[Role::Consultant]).await;
    // Each from another address: the account's own count.
    let mut tries = 0;
    for pause in [0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900] {
        tries += 1;
        let there = format!("198.51.100.{tries}");
        assert_eq!(house.staff.log_in("gulnara", "wrong", &there).await.unwrap(), Entry::Refused, "{tries}");
        if pause > 0 {
            let wait = Entry::Wait { seconds: pause };
            assert_eq!(house.staff.log_in("gulnara", PASSWORD, "198.51.100.99").await.unwrap(), wait);
            house.clock.advance_ms(pause * 1000);
        }
    }
    // A login nobody has is counted in the same way: it tells nothing apart.
    for _ in 0..5 {
        assert_eq!(house.staff.log_in("nobody", "wrong", "198.51.100.98").await.unwrap(), Entry::Refused);
    }
    assert_eq!(
        house.staff.log_in("nobody", "wrong", "198.51.100.97").await.unwrap(),
        Entry::Wait { seconds: 30 }
    );
    // After a day all is forgotten.
    house.pass_minutes(24 * 60 + 1);
    for _ in 0..4 {
        assert_eq!(house.staff.log_in("gulnara", "wrong", HERE).await.unwrap(), Entry::Refused);
    }
    token(house.staff.log_in("gulnara", PASSWORD, HERE).await.unwrap());
}

async fn failures_of_an_address_pause_everybody_there(fresh: Fresh) {
    let house = House::on(&fresh);
    house.account("gulnara", &[Role::Consultant]).await;
    for guess in 0..20 {
        let login = format!("guess{guess}");
        assert_eq!(house.staff.log_in(&login, "wrong", HERE).await.unwrap(), Entry::Refused, "{guess}");
    }
    assert_eq!(house.staff.log_in("gulnara", PASSWORD, HERE).await.unwrap(), Entry::Wait { seconds: 30 });
    token(house.staff.log_in("gulnara", PASSWORD, "198.51.100.1").await.unwrap());
    house.clock.advance_ms(30_000);
    // A right one has the address one failure less, not none.
    house.log_in("gulnara").await;
    assert_eq!(house.staff.log_in("guess", "wrong", HERE).await.unwrap(), Entry::Refused);
    assert!(matches!(house.staff.log_in("guess", "wrong", HERE).await.unwrap(), Entry::Wait { .. }));
}

async fn tries_at_once_are_all_counted(fresh: Fresh) {
    let house = House::on(&fresh);
    house.account("gulnara", &[Role::Consultant]).await;
    let tries = (0..12).map(|guess| {
        let staff = house.staff.clone();
        tokio::spawn(async move { staff.log_in("gulnara", &format!("wrong {guess}"), HERE).await.unwrap() })
    });
    let mut refused = 0;
    for one in tries.collect::<Vec<_>>() {
        match one.await.unwrap() {
            Entry::Refused => refused += 1,
            Entry::Wait { .. } => {}
            Entry::In { .. } => panic!("in"),
        }
    }
    assert_eq!(refused, 5, "passwords that were looked at");
}

async fn a_right_password_takes_the_failures_back(fresh: Fresh) {
    let house = House::on(&fresh);
    let id = house.account("gulnara", &[Role::Consultant]).await;
    for _ in 0..3 {
        for _ in 0..4 {
            assert_eq!(house.staff.log_in("gulnara", "wrong", HERE).await.unwrap(), Entry::Refused);
        }
        house.log_in("gulnara").await;
    }
    // Confirming a change counts like a login.
    for _ in 0..5 {
        assert_eq!(house.staff.confirm(id, "wrong", "198.51.100.1").await.unwrap(), Confirmed::No);
    }
    assert_eq!(
        house.staff.confirm(id, PASSWORD, "198.51.100.1").await.unwrap(),
        Confirmed::Wait { seconds: 30 }
    );
}

async fn the_second_step_takes_each_code_once(fresh: Fresh) {
    let house = House::on(&fresh);
    let id = house.account("gulnara", &[Role::Consultant]).await;
    let token_before = house.log_in("gulnara").await;
    let other = house.log_in("gulnara").await;
    let (secret, enrolled, codes) = house.enrol(&token_before, id).await;
    assert_eq!(codes.len(), 10);
    assert_eq!(house.step(&token_before).await, None, "the token is a new one");
    assert_eq!(house.step(&other).await, None, "other sessions end");
    assert_eq!(house.step(&enrolled).await, Some(Step::Done));
    // The code with which it was set up is used.
    let half = house.log_in("gulnara").await;
    assert_eq!(house.step(&half).await, Some(Step::Code));
    let code = |at| totp::code_at(&secret, at).unwrap();
    assert_eq!(house.staff.pass(&half, &code(house.now()), HERE).await.unwrap(), Entry::Refused);
    house.clock.advance_ms(30_000);
    let fresh_code = code(house.now());
    let whole = token(house.staff.pass(&half, &fresh_code, HERE).await.unwrap());
    assert_eq!((house.step(&half).await, house.step(&whole).await), (None, Some(Step::Done)));
    let again = house.log_in("gulnara").await;
    assert_eq!(house.staff.pass(&again, &fresh_code, HERE).await.unwrap(), Entry::Refused);
    // Nor an earlier one that was never typed.
    assert_eq!(
        house.staff.pass(&again, &code(house.now().plus_ms(-30_000)), HERE).await.unwrap(),
        Entry::Refused
    );
    assert_eq!(house.staff.pass("nobody's", &fresh_code, HERE).await.unwrap(), Entry::Refused);
}

async fn guesses_of_the_second_step_are_paused(fresh: Fresh) {
    let house = House::on(&fresh);
    let id = house.account("gulnara", &[Role::Consultant]).await;
    let (secret, ..) = house.enrol(&house.log_in("gulnara").await, id).await;
    house.clock.advance_ms(60_000);
    let half = house.log_in("gulnara").await;
    for _ in 0..5 {
        assert_eq!(house.staff.pass(&half, "000000", HERE).await.unwrap(), Entry::Refused);
        // Logging in anew does not begin the count anew.
        house.log_in("gulnara").await;
    }
    let right = totp::code_at(&secret, house.now()).unwrap();
    assert_eq!(house.staff.pass(&half, &right, HERE).await.unwrap(), Entry::Wait { seconds: 30 });
}

async fn a_code_of_recovery_works_once(fresh: Fresh) {
    let house = House::on(&fresh);
    let id = house.account("gulnara", &[Role::Consultant]).await;
    let (.., codes) = house.enrol(&house.log_in("gulnara").await, id).await;
    let half = house.log_in("gulnara").await;
    let typed = codes[3].to_lowercase().replace(' ', "-");
    token(house.staff.pass(&half, &typed, HERE).await.unwrap());
    assert_eq!(house.staff.codes_left(id).await.unwrap(), 9);
    let half = house.log_in("gulnara").await;
    assert_eq!(house.staff.pass(&half, &codes[3], HERE).await.unwrap(), Entry::Refused);
    let renewed = house.staff.renew_codes(id).await.unwrap();
    assert_eq!(house.staff.pass(&half, &codes[4], HERE).await.unwrap(), Entry::Refused, "void by now");
    token(house.staff.pass(&half, &renewed[0], HERE).await.unwrap());
    // Taken away by an administrator: sessions end, the password alone is enough for a consultant.
    house.staff.remove_second_step(None, id).await.unwrap();
    assert_eq!(house.step(&half).await, None);
    let whole = house.log_in("gulnara").await;
    assert_eq!(house.step(&whole).await, Some(Step::Done));
    assert_eq!(house.staff.codes_left(id).await.unwrap(), 0);
}

async fn an_offer_is_for_one_account_only(fresh: Fresh) {
    let house = House::on(&fresh);
    let id = house.account("gulnara", &[Role::Consultant]).await;
    let other = house.account("azamat", &[Role::Consultant]).await;
    let token = house.log_in("gulnara").await;
    let offer = house.staff.offer(other, "azamat");
    let code = totp::code_at(&from_base32(&offer.key), house.now()).unwrap();
    assert!(matches!(
        house.staff.enrol(&token, id, &offer.sealed, &code, HERE).await.unwrap(),
        Enrolled::Wrong
    ));
    assert!(house.staff.offer_again(id, "gulnara", &offer.sealed).is_none());
    assert!(house.staff.offer_again(id, "gulnara", "forged").is_none());
    assert!(!house.get(id).await.has_second_step);
}

async fn sessions_end_idle_and_absolutely_and_live_updates_do_not_keep_them(fresh: Fresh) {
    let house = House::on(&fresh);
    house.account("gulnara", &[Role::Consultant]).await;
    let idle = house.log_in("gulnara").await;
    house.pass_minutes(29);
    assert_eq!(house.step(&idle).await, Some(Step::Done));
    house.pass_minutes(29);
    assert!(house.staff.seen(&idle, true).await.unwrap().is_some(), "seen a minute before");
    house.pass_minutes(1);
    assert_eq!(house.step(&idle).await, None, "the live update did not count");
    let busy = house.log_in("gulnara").await;
    for _ in 0..12 * 60 / 20 - 1 {
        house.pass_minutes(20);
        assert_eq!(house.step(&busy).await, Some(Step::Done));
    }
    house.pass_minutes(20);
    assert_eq!(house.step(&busy).await, None, "twelve hours");
}

async fn a_new_password_ends_the_other_sessions(fresh: Fresh) {
    let house = House::on(&fresh);
    let id = house.account("gulnara", &[Role::Consultant]).await;
    let (own, other) = (house.log_in("gulnara").await, house.log_in("gulnara").await);
    let link = house.staff.password_link(None, id).await.unwrap();
    let account = house.get(id).await;
    let set = house.staff.set_own_password(&own, &account, "another long password").await.unwrap();
    assert_eq!(set, PasswordSet::Done);
    assert_eq!((house.step(&own).await, house.step(&other).await), (Some(Step::Done), None));
    assert!(house.staff.link_owner(&link).await.unwrap().is_none(), "a link that lay about is void");
    assert_eq!(house.staff.log_in("gulnara", PASSWORD, HERE).await.unwrap(), Entry::Refused);
    let link = house.staff.password_link(None, id).await.unwrap();
    house.staff.set_by_link(&link, PASSWORD).await.unwrap();
    assert_eq!(house.step(&own).await, None);
}

async fn locking_and_lost_roles_hold_at_once(fresh: Fresh) {
    let house = House::on(&fresh);
    let id = house.account("gulnara", &[Role::Consultant, Role::Editor]).await;
    let token = house.log_in("gulnara").await;
    let change = Change {
        name: "Гуля".to_owned(),
        roles: [Role::Viewer].into_iter().collect(),
        skills: vec!["patent".to_owned()],
        max_cases: Some(3),
        version: house.get(id).await.version,
    };
    house.staff.change(None, id, &change).await.unwrap().unwrap();
    let seen = house.staff.seen(&token, false).await.unwrap().unwrap();
    assert_eq!(seen.account.roles, Roles::from_iter([Role::Viewer]));
    assert_eq!((seen.account.skills.len(), seen.account.max_cases), (1, Some(3)));
    house.staff.set_locked(None, id, true).await.unwrap().unwrap();
    assert_eq!(house.step(&token).await, None);
    assert_eq!(house.staff.log_in("gulnara", PASSWORD, HERE).await.unwrap(), Entry::Refused);
    house.staff.set_locked(None, id, false).await.unwrap().unwrap();
    assert_eq!(house.step(&token).await, None, "the old session does not come back");
    house.log_in("gulnara").await;
}

async fn the_last_administrator_stays(fresh: Fresh) {
    let house = House::on(&fresh);
    let first = house.account("first", &[Role::Admin]).await;
    assert_eq!(house.staff.set_locked(None, first, true).await.unwrap(), Err(Wrong::LastAdmin));
    let demotion = |version| Change {
        name: "A".to_owned(),
        roles: [Role::Viewer].into_iter().collect(),
        skills: Vec::new(),
        max_cases: None,
        version,
    };
    let version = house.get(first).await.version;
    assert_eq!(house.staff.change(None, first, &demotion(version)).await.unwrap(), Err(Wrong::LastAdmin));
    assert!(house.get(first).await.roles.has(Role::Admin), "nothing was changed");
    let second = house.account("second", &[Role::Admin]).await;
    // Each takes the role from the other at the same moment: one of them stays.
    let (a, b) = (house.staff.clone(), house.staff.clone());
    let (one, two) = (house.get(first).await.version, house.get(second).await.version);
    let (change_first, change_second) = (demotion(one), demotion(two));
    let (to_first, to_second) = tokio::join!(
        a.change(Some(second), first, &change_first),
        b.change(Some(first), second, &change_second)
    );
    let done = [to_first.unwrap(), to_second.unwrap()];
    assert_eq!(done.iter().filter(|done| done.is_ok()).count(), 1, "{done:?}");
}

async fn two_who_change_an_account_do_not_overwrite_each_other(fresh: Fresh) {
    let house = House::on(&fresh);
    let id = house.account("gulnara", &[Role::Consultant]).await;
    let change = Change {
        name: "Гуля".to_owned(),
        roles: [Role::Consultant].into_iter().collect(),
        skills: Vec::new(),
        max_cases: None,
        version: house.get(id).await.version,
    };
    house.staff.change(None, id, &change).await.unwrap().unwrap();
    assert_eq!(house.staff.change(None, id, &change).await.unwrap(), Err(Wrong::Changed));
    assert_eq!(house.staff.change(None, StaffId(1), &change).await.unwrap(), Err(Wrong::Changed));
}

async fn what_cannot_be_an_account_is_refused(fresh: Fresh) {
    let house = House::on(&fresh);
    house.account("gulnara", &[Role::Consultant]).await;
    let name = |name: &str| NewAccount { name: name.to_owned(), ..new("azamat", &[Role::Viewer]) };
    for (bad, wrong) in [
        (new("GULNARA", &[Role::Viewer]), Wrong::LoginTaken),
        (new("имя", &[Role::Viewer]), Wrong::Login),
        (new("azamat", &[]), Wrong::Roles),
        (name(" "), Wrong::Name),
        (name("<b>\u{202e}"), Wrong::Name),
        (NewAccount { zone: 100_000, ..name("A") }, Wrong::Zone),
    ] {
        assert_eq!(house.staff.add(None, &bad).await.unwrap(), Err(wrong));
    }
    assert_eq!(house.staff.list().await.unwrap().len(), 1);
}

async fn a_telegram_contact_is_tied_once(fresh: Fresh) {
    let house = House::on(&fresh);
    let id = house.account("gulnara", &[Role::Consultant]).await;
    let code = house.staff.telegram_code(id).await.unwrap();
    assert!(safar::domain::CampaignCode::parse(&code).is_some(), "{code} passes as a /start code");
    assert!(!house.staff.tie_telegram("staff-forged", ContactId(5)).await.unwrap());
    assert!(house.staff.tie_telegram(&code, ContactId(5)).await.unwrap());
    assert!(!house.staff.tie_telegram(&code, ContactId(6)).await.unwrap());
    house.staff.set_duty(id, id, true).await.unwrap();
    assert_eq!(house.staff.on_duty().await.unwrap()[0].telegram, Some(ContactId(5)));
    let late = house.staff.telegram_code(id).await.unwrap();
    house.pass_minutes(15);
    assert!(!house.staff.tie_telegram(&late, ContactId(6)).await.unwrap());
    house.staff.untie_telegram(id).await.unwrap();
    assert_eq!(house.staff.on_duty().await.unwrap()[0].telegram, None);
}

async fn an_email_is_sealed_and_reaches_the_alarm(fresh: Fresh) {
    let house = House::on(&fresh);
    let id = house.account("gulnara", &[Role::Consultant]).await;
    let own = |email: &str| OwnChange { locale: StaffLocale::En, zone: 360, email: email.to_owned() };
    assert_eq!(house.staff.change_own(id, &own("not an address")).await.unwrap(), Err(Wrong::Email));
    house.staff.change_own(id, &own("gulnara@example.org")).await.unwrap().unwrap();
    assert_eq!((house.get(id).await.locale, house.get(id).await.zone), (StaffLocale::En, 360));
    assert!(house.staff.on_duty().await.unwrap().is_empty());
    house.staff.set_duty(id, id, true).await.unwrap();
    assert_eq!(house.staff.on_duty().await.unwrap()[0].email.as_deref(), Some("gulnara@example.org"));
    let sealed = sealed_email(&fresh, id).await;
    assert!(!String::from_utf8_lossy(&sealed).contains("example"));
    house.staff.set_locked(None, id, true).await.unwrap().unwrap();
    assert!(house.staff.on_duty().await.unwrap().is_empty());
}

async fn sealed_email(fresh: &Fresh, id: StaffId) -> Vec<u8> {
    const SQL: &str = "select email_sealed from staff where id = $1";
    let mut tx = fresh.read().await;
    match &mut tx {
        Tx::Sqlite(tx) => sqlx::query_scalar(SQL).bind(id.0).fetch_one(&mut **tx).await.unwrap(),
        Tx::Postgres(tx) => sqlx::query_scalar(SQL).bind(id.0).fetch_one(&mut **tx).await.unwrap(),
    }
}

async fn who_needs_a_second_step_cannot_go_on_without(fresh: Fresh) {
    let house = House::on(&fresh);
    let id = house.account("boss", &[Role::Supervisor]).await;
    let token = house.log_in("boss").await;
    assert_eq!(house.step(&token).await, Some(Step::Enrol));
    let (_, whole, _) = house.enrol(&token, id).await;
    assert_eq!(house.step(&whole).await, Some(Step::Done));
    // Somebody who is given such a role while logged in sets it up at once.
    let editor = house.account("editor", &[Role::Editor]).await;
    let token = house.log_in("editor").await;
    let change = Change {
        name: "E".to_owned(),
        roles: [Role::Editor, Role::Admin].into_iter().collect(),
        skills: Vec::new(),
        max_cases: None,
        version: house.get(editor).await.version,
    };
    house.staff.change(None, editor, &change).await.unwrap().unwrap();
    assert_eq!(house.step(&token).await, Some(Step::Enrol));
}

async fn what_has_ended_is_purged(fresh: Fresh) {
    let house = House::on(&fresh);
    let id = house.account("gulnara", &[Role::Consultant]).await;
    house.staff.log_in("gulnara", "wrong", HERE).await.unwrap();
    let token = house.log_in("gulnara").await;
    house.staff.log_in("nobody", "wrong", HERE).await.unwrap();
    house.staff.password_link(None, id).await.unwrap();
    let purge = async |hours: i64| {
        let now = NOW.plus_ms(hours * 60 * MINUTE);
        let mut tx = fresh.write().await;
        let gone = (
            staff_sessions::purge(&mut tx, now, now.plus_ms(-24 * 60 * MINUTE)).await.unwrap(),
            staff_sessions::purge_failures(&mut tx, now.plus_ms(-48 * 60 * MINUTE)).await.unwrap(),
            staff::purge_links(&mut tx, now).await.unwrap(),
        );
        tx.commit().await.unwrap();
        gone
    };
    assert_eq!(purge(11).await, (0, 0, 0));
    assert_eq!(house.step(&token).await, Some(Step::Done));
    assert_eq!(purge(12).await, (1, 0, 0));
    assert_eq!(purge(49).await, (0, 2, 1), "the login nobody has, the address; the link");
}
