-- A contact may have several addresses: WhatsApp names a person by number, by user id, or by both, and both change.
alter table addresses
    drop constraint addresses_pkey,
    drop constraint addresses_lookup_key,
    add primary key (lookup),
    add column since bigint not null default 0;
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
);

create index sessions_silent on sessions (last_inbound_at);

-- Whose parked inbound it is, where that could be read: to replay it, and to erase it with its contact.
alter table parked add column lookup bytea;
alter table parked add column address bytea;
