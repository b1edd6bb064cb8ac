-- People who work with Safar. `login` is lower-case; `name` is what migrants see; `roles` and `skills` are JSON
-- lists; `zone` is minutes east of UTC; a row is never deleted, so that the trail keeps its names.
create table staff (
    id integer primary key not null,
    login text not null unique,
    name text not null,
    roles text not null,
    password text,
    totp_sealed blob,
    totp_key_id integer,
    totp_last bigint not null,
    locale text not null,
    zone integer not null,
    email_sealed blob,
    email_key_id integer,
    on_duty boolean not null,
    skills text not null,
    telegram_contact bigint,
    max_cases integer,
    state text not null,
    created_at bigint not null,
    version bigint not null
);

-- Codes that stand in for the second step, each once; keyed hashes.
create table staff_recovery (
    staff_id bigint not null references staff (id) on delete cascade,
    hash blob not null,
    primary key (staff_id, hash)
) without rowid;

-- One-time links: `password` opens the page that sets one, `telegram` is a /start code.
create table staff_links (
    token_hash blob primary key not null,
    staff_id bigint not null references staff (id) on delete cascade,
    kind text not null,
    until_at bigint not null
) without rowid;
create index staff_links_staff on staff_links (staff_id);

create table staff_sessions (
    token_hash blob primary key not null,
    staff_id bigint not null references staff (id) on delete cascade,
    csrf text not null,
    created_at bigint not null,
    seen_at bigint not null,
    until_at bigint not null,
    second_factor boolean not null
) without rowid;
create index staff_sessions_staff on staff_sessions (staff_id);
create index staff_sessions_until on staff_sessions (until_at);

-- Failed logins by account and by address; keyed hashes, so that the table names nobody.
create table login_failures (
    key blob primary key not null,
    count integer not null,
    until_at bigint not null,
    at bigint not null
) without rowid;
create index login_failures_at on login_failures (at);

-- Who looked at or did what: ids and verbs only. Append-only, each row hashes the one before.
create table audit (
    seq integer primary key not null,
    at bigint not null,
    staff_id bigint,
    verb text not null,
    object_kind text not null,
    object_id text not null,
    prev blob not null,
    hash blob not null
);
create index audit_staff on audit (staff_id, seq);
create index audit_object on audit (object_kind, object_id, seq);

-- Number and hash of the last row: the lock of whoever appends, and what shows a cut end.
insert into meta (key, value) values ('audit_head', '0:');
