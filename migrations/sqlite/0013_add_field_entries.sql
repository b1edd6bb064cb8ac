-- What field staff and registers report: sessions, new clients of a centre, leaflets, media, pilot, training, policy
-- improvements, reports, survey (indicators.md 1.5, 1.10). The events that count are written when an entry is approved.
-- `fields`: values of closed lists, numbers, keyed hashes. `sealed`: what was typed. `unit`: keyed hash of whom or what
-- it is of, for those that may stand once only.
create table field_entries (
    id integer primary key not null,
    kind text not null,
    state text not null,
    occurred_at bigint not null,
    country text not null,
    code text,
    number bigint not null,
    fields text not null,
    unit text,
    key_id integer not null,
    sealed blob not null,
    event_id text not null,
    entered_by bigint,
    entered_at bigint not null,
    -- Of an import: which, who sent it there, its ids there.
    import_id bigint,
    submitter text,
    root text,
    version_uuid text,
    approved_there boolean not null,
    decided_by bigint,
    decided_at bigint,
    voided_by bigint,
    voided_at bigint,
    reason_sealed blob
);
create unique index field_entries_event on field_entries (event_id);
create index field_entries_state on field_entries (state, id);
create index field_entries_import on field_entries (import_id) where import_id is not null;
create index field_entries_root on field_entries (root) where root is not null;
create unique index field_entries_version on field_entries (version_uuid) where version_uuid is not null;
create index field_entries_unit on field_entries (unit) where unit is not null;
-- One group's sessions and one centre's month count once, also when two people approve at the same moment.
create unique index field_entries_once on field_entries (kind, unit)
    where state = 'approved' and kind in ('session', 'centre_new_clients');

create table field_imports (
    id integer primary key not null,
    at bigint not null,
    staff_id bigint,
    entries bigint not null
);

-- Evidence of an entry, or of a whole import; sealed pieces hold it.
create table field_files (
    id integer primary key not null,
    entry_id bigint,
    import_id bigint,
    mime text not null,
    size bigint not null,
    sha256 text not null,
    added_by bigint,
    added_at bigint not null
);
create index field_files_entry on field_files (entry_id) where entry_id is not null;
create index field_files_import on field_files (import_id) where import_id is not null;

create table field_file_chunks (
    file_id bigint not null references field_files (id) on delete cascade,
    n integer not null,
    sealed blob not null,
    primary key (file_id, n)
) without rowid;
