-- The record of events is chained in blocks, some minutes after it is written (indicators.md 1.14). A row's commitment
-- is a hash over its contact's salt and its content. Erasing a person drops salt and content, and leaves commitments.
create table event_salts (
    contact_id bigint primary key not null,
    salt bytea not null
);
create table event_blocks (
    last_seq bigint primary key not null,
    commitments bigint not null,
    hash bytea not null
);
create table event_remains (
    seq bigint primary key not null,
    commitment bytea not null
);
insert into meta (key, value) values ('events_head', '0:');
-- The head of the chain when the report was frozen.
alter table count_reports add column chain text;
