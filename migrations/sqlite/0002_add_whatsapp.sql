-- A contact may have several addresses: WhatsApp names a person by number, by user id, or by both, and both change.
create table addresses_more (
    lookup blob primary key not null,
    contact_id bigint not null references contacts (id) on delete cascade,
    key_id integer not null,
    sealed blob not null,
    since bigint not null default 0
) without rowid;
insert into addresses_more (lookup, contact_id, key_id, sealed)
    select lookup, contact_id, key_id, sealed from addresses;
drop table addresses;
alter table addresses_more rename to addresses;
create index addresses_contact on addresses (contact_id);

-- Two contacts that turned out to be one person: the later one's addresses moved to the earlier one.
alter table contacts add column merged_into bigint;
create index contacts_merged on contacts (merged_into) where merged_into is not null;

-- What the channel charges for a message: free_entry, service, utility, marketing.
alter table outbox add column cost text;

-- Register of campaign codes (indicators.md 1.11).
create table codes (
    code text primary key not null,
    kind text not null,
    label text not null,
    created_at bigint not null
) without rowid;

create index sessions_silent on sessions (last_inbound_at);

-- Whose parked inbound it is, where that could be read: to replay it, and to erase it with its contact.
alter table parked add column lookup blob;
alter table parked add column address blob;
