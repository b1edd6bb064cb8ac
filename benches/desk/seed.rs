//! 12,000 persons with their cases and 200 consultants, laid into the program's database past its pages.

use safar::{
    clock::{Clock as _, Ids as _, SystemClock, SystemIds},
    domain::{Address, CaseId, ChannelKind, ContactId, Locale, Source, StaffId, Timestamp, Told},
    engine::{Case, State},
    privacy::{Keys, case_context, password},
    store::{
        Store, Tx,
        cases::{self, Author, EntryNew, NewCase},
        contacts::{self, NewAddress, NewContact},
        sessions::{self, SessionSave},
        staff::{self, StaffRow},
    },
};

pub const CONSOLES: usize = 200;
pub const WAITING: usize = 10_000;
pub const OPEN: usize = 2_000;
pub const CLOSED: usize = 200_000;
pub const PASSWORD: &str = "long enough to pass";
/// Words in each open case.
const ENTRIES: usize = 10;
/// One transaction writes so many persons.
const PIECE: usize = 500;
/// Real topics of the content: their names stand in the pages.
const TOPICS: [&str; 4] = ["unpaid-wages", "patent-apply", "passport-taken", "registration"];
const COUNTRIES: [&str; 3] = ["RU", "KZ", "U"];

/// Who works at a console.
pub fn login(console: usize) -> String {
    format!("c{console}")
}

/// Gives the waiting cases in the order of the queue.
pub async fn seed(store: &Store, keys: &Keys) -> Vec<CaseId> {
    let (ids, now) = (SystemIds::new(), SystemClock.now());
    staff(store, &ids, now).await;
    closed(store, now).await;
    let mut waiting = Vec::new();
    let all: Vec<usize> = (0..WAITING + OPEN).collect();
    for piece in all.chunks(PIECE) {
        let mut tx = store.write().await.expect("a transaction");
        let (mut people, mut addresses, mut states, mut said) = Default::default();
        let mut opened = Vec::new();
        for n in piece.iter().copied() {
            let (contact, case) = (ContactId(ids.next(now)), CaseId(ids.next(now)));
            let holder = (n >= WAITING).then(|| StaffId((n % CONSOLES) as i64 + 1));
            // Over the last days, the oldest first.
            let at = now.plus_ms((n as i64 - all.len() as i64) * 20_000);
            let urgent = n % 20 == 0;
            person(keys, &ids, (contact, case, n), at, (&mut people, &mut addresses, &mut states));
            let new = NewCase {
                id: case,
                contact: Some(contact),
                channel: "tg",
                urgent,
                topic: Some(TOPICS[n % TOPICS.len()].to_owned()),
                node: None,
                locale: Locale::ALL[n % 3].as_str().to_owned(),
                country: COUNTRIES[n % COUNTRIES.len()].to_owned(),
                skill: None,
                holder,
                at,
                key_id: Keys::ID,
                sealed: sealed(
                    keys,
                    &ids,
                    case,
                    &serde_json::to_string(&Told::default()).expect("plain data"),
                ),
            };
            if holder.is_some() {
                said_in(&mut said, keys, &ids, case, at);
            } else {
                waiting.push((!urgent, at, case));
            }
            opened.push(new);
        }
        contacts::create(&mut tx, &people).await.expect("written");
        contacts::add_addresses(&mut tx, &addresses).await.expect("written");
        sessions::save(&mut tx, &states).await.expect("written");
        for new in &opened {
            cases::open(&mut tx, new).await.expect("written");
        }
        cases::append(&mut tx, &said).await.expect("written");
        tx.commit().await.expect("committed");
    }
    waiting.sort_unstable();
    waiting.into_iter().map(|(_, _, case)| case).collect()
}

type Rows<'a> = (&'a mut Vec<NewContact>, &'a mut Vec<NewAddress>, &'a mut Vec<SessionSave>);

fn person(
    keys: &Keys,
    ids: &SystemIds,
    (contact, case, n): (ContactId, CaseId, usize),
    at: Timestamp,
    (people, addresses, states): Rows<'_>,
) {
    let address = Address::new(ChannelKind::Telegram, (1_000_000 + n).to_string());
    people.push(NewContact { id: contact, channel: ChannelKind::Telegram, source: Source::Bot, at });
    addresses.push(NewAddress {
        contact,
        lookup: keys.lookup(&address),
        key_id: Keys::ID,
        sealed: keys.seal("address", address.external.as_bytes(), ids),
        since: at,
    });
    let mut state = State::default();
    state.locale = Some(Locale::ALL[n % 3]);
    state.case = Some(Case::new(case.0, n % 20 == 0, at));
    states.push(SessionSave {
        contact,
        state: state.to_json(),
        private: None,
        reachable: true,
        last_inbound_at: at,
        updated_at: at,
    });
}

fn said_in(said: &mut Vec<EntryNew>, keys: &Keys, ids: &SystemIds, case: CaseId, at: Timestamp) {
    for n in 0..ENTRIES {
        let is_staff = n % 2 == 1;
        said.push(EntryNew {
            id: ids.next(at),
            case,
            at,
            author: if is_staff { Author::Staff } else { Author::Contact },
            staff: is_staff.then_some(StaffId(1)),
            kind: "text",
            key_id: Keys::ID,
            sealed: Some(sealed(keys, ids, case, "Хозяин не платит третий месяц, что мне делать?")),
            outbox: None,
            attachment: None,
            held: false,
        });
    }
}

fn sealed(keys: &Keys, ids: &SystemIds, case: CaseId, text: &str) -> Vec<u8> {
    keys.seal(&case_context(case), text.as_bytes(), ids)
}

/// Years of closed cases, whose persons and words are gone: outcomes only.
async fn closed(store: &Store, now: Timestamp) {
    let at = now.plus_ms(-400 * 86_400_000).0;
    let text = format!(
        "insert into cases (id, channel, state, urgent, topic, locale, country, holder, version, opened_at,
            waiting_since, claimed_at, first_answer_at, contact_at, staff_at, closed_at, reopened, key_id, outcome)
        with recursive n (i) as (select 1 union all select i + 1 from n where i < {CLOSED})
        select i, 'tg', 'closed', (i % 20 = 0), 'unpaid-wages', 'ru', 'RU', i % {CONSOLES} + 1, 3, {at} + i, {at} + i,
            {at} + i, {at} + i, {at} + i, {at} + i, {at} + i, 0, 1, '{{\"help\":\"information\"}}' from n"
    );
    let text = sqlx::AssertSqlSafe(text);
    let mut tx = store.write().await.expect("a transaction");
    match &mut tx {
        Tx::Sqlite(tx) => drop(sqlx::raw_sql(text).execute(&mut **tx).await.expect("written")),
        Tx::Postgres(tx) => drop(sqlx::raw_sql(text).execute(&mut **tx).await.expect("written")),
    }
    tx.commit().await.expect("committed");
}

async fn staff(store: &Store, ids: &SystemIds, now: Timestamp) {
    let password = password::hash(PASSWORD, ids);
    let mut tx = store.write().await.expect("a transaction");
    for n in 0..CONSOLES {
        let row = StaffRow {
            id: StaffId(n as i64 + 1),
            login: login(n),
            name: format!("Consultant {n}"),
            roles: r#"["consultant"]"#.to_owned(),
            password: None,
            totp_sealed: None,
            totp_key_id: None,
            totp_last: 0,
            locale: "ru".to_owned(),
            zone: 300,
            email_sealed: None,
            email_key_id: None,
            on_duty: false,
            skills: "[]".to_owned(),
            telegram_contact: None,
            max_cases: Some(1_000),
            state: "active".to_owned(),
            created_at: now,
            version: 1,
        };
        assert!(staff::insert(&mut tx, &row).await.expect("written"));
        staff::set_password(&mut tx, row.id, password.as_deref()).await.expect("written");
        // A new account has neither, and the password was its second version.
        assert!(staff::save(&mut tx, &StaffRow { version: 2, ..row }).await.expect("written"));
    }
    tx.commit().await.expect("committed");
}
