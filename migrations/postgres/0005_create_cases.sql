-- A person asks for a person: the shared queue of cases.
-- What was said and what a person told is sealed; ids, times and words of closed lists are not.
create table cases (
    id bigint primary key not null,
    contact_id bigint,
    channel text not null,
    state text not null,
    urgent boolean not null,
    topic text,
    node text,
    locale text not null,
    country text not null,
    skill text,
    holder bigint,
    past_holder bigint,
    version bigint not null,
    opened_at bigint not null,
    waiting_since bigint not null,
    claimed_at bigint,
    first_answer_at bigint,
    contact_at bigint,
    staff_at bigint,
    owed_since bigint,
    warned_at bigint,
    alarmed_at bigint,
    closed_at bigint,
    reopened integer not null,
    rating smallint,
    key_id integer not null,
    sealed bytea,
    outcome text,
    follow_up_at bigint
);
create index cases_waiting on cases (urgent desc, waiting_since, id) where state = 'waiting';
create index cases_holder on cases (holder, state) where holder is not null;
create index cases_contact on cases (contact_id) where contact_id is not null;
create index cases_claimed on cases (claimed_at) where claimed_at is not null;
create index cases_closed on cases (closed_at) where closed_at is not null;
create index cases_opened on cases (opened_at);

create table case_entries (
    id bigint primary key not null,
    case_id bigint not null references cases (id) on delete cascade,
    at bigint not null,
    author text not null,
    staff_id bigint,
    kind text not null,
    key_id integer not null,
    sealed bytea,
    outbox_id bigint,
    attachment_id bigint,
    held boolean not null
);
create index case_entries_case on case_entries (case_id, id);
create index case_entries_outbox on case_entries (outbox_id) where outbox_id is not null;

create index case_entries_held on case_entries (id) where held;

create table attachments (
    id bigint primary key not null,
    case_id bigint not null references cases (id) on delete cascade,
    kind text not null,
    mime text,
    size bigint,
    state text not null,
    reason text,
    attempts integer not null,
    not_before bigint not null,
    key_id integer not null,
    remote_sealed bytea,
    created_at bigint not null
);
create index attachments_case on attachments (case_id);
create index attachments_wanted on attachments (not_before) where state = 'wanted';

create table attachment_chunks (
    attachment_id bigint not null references attachments (id) on delete cascade,
    n integer not null,
    sealed bytea not null,
    primary key (attachment_id, n)
);

-- What a consultant has begun to write.
create table case_drafts (
    case_id bigint not null references cases (id) on delete cascade,
    staff_id bigint not null,
    key_id integer not null,
    sealed bytea not null,
    at bigint not null,
    primary key (case_id, staff_id)
);

-- One row a consultant, locked while cases come to them: so nobody ever holds more than they may.
create table case_holders (
    staff_id bigint primary key not null,
    changes bigint not null
);

-- Hours, holidays, targets and limits of the desk, as its supervisors set them.
create table desk_settings (
    key text primary key not null,
    value text not null,
    version bigint not null
);
