-- Instants are UTC milliseconds, JSON is text, ids are made by the program (README.md).

create table contacts (
    id integer primary key not null,
    channel text not null,
    source text not null,
    created_at bigint not null
);

-- The only place of an external id, sealed; `lookup` is its keyed HMAC.
create table addresses (
    contact_id integer primary key not null references contacts (id) on delete cascade,
    lookup blob not null unique,
    key_id integer not null,
    sealed blob not null
);

create table sessions (
    contact_id integer primary key not null references contacts (id) on delete cascade,
    state text not null,
    private blob,
    last_message bigint,
    reachable boolean not null,
    last_inbound_at bigint not null,
    updated_at bigint not null
);

create table dedup (
    key text primary key not null,
    at bigint not null
) without rowid;
create index dedup_at on dedup (at);

create table events (
    seq integer primary key autoincrement not null,
    event_id text not null unique,
    type text not null,
    contact_id bigint,
    occurred_at bigint not null,
    recorded_at bigint not null,
    channel text not null,
    source text not null,
    code text,
    attrs text not null
);
create index events_contact on events (contact_id);

create table outbox (
    id integer primary key not null,
    contact_id bigint not null,
    channel text not null,
    lane smallint not null,
    payload text,
    sealed blob,
    edit_of bigint,
    state text not null,
    attempts integer not null,
    uncertain boolean not null,
    not_before bigint not null,
    leased_by bigint,
    lease_until bigint not null,
    external text,
    error text,
    created_at bigint not null,
    settled_at bigint
);
create index outbox_queued on outbox (channel, id) where state = 'queued';
create index outbox_contact on outbox (contact_id);
create index outbox_settled on outbox (settled_at) where settled_at is not null;

create table parked (
    id integer primary key not null,
    key text not null,
    channel text not null,
    reason text not null,
    key_id integer not null,
    sealed blob not null,
    received_at bigint not null,
    attempts integer not null,
    replayed_at bigint
);

create table releases (
    id integer primary key not null,
    hash text not null unique,
    files text not null,
    origin text not null,
    made_at bigint not null
);

create table publications (
    id integer primary key not null,
    release_id bigint not null references releases (id),
    origin text not null,
    at bigint not null
);

create table leases (
    name text primary key not null,
    holder bigint not null,
    until_at bigint not null
);

create table meta (
    key text primary key not null,
    value text not null
);
