-- How often each page and menu was shown and asked for, by month and channel: additive, so rolled up, not scanned.
-- `views`: a knowledge item was asked for and given; `shown`: it was in front of a person after a turn; `went_on`: the
-- person did something from it within a day. `erased`: by people who were erased.
create table content_uses (
    erased boolean not null,
    month text not null,
    node text not null,
    channel text not null,
    views bigint not null,
    shown bigint not null,
    went_on bigint not null,
    primary key (erased, month, node, channel)
);

-- What turns add to it, until a job squashes it: no turn waits for a row that many share.
create table content_deltas (
    id bigint generated always as identity primary key,
    erased boolean not null,
    month text not null,
    node text not null,
    channel text not null,
    views bigint not null,
    shown bigint not null,
    went_on bigint not null
);

-- Contacts whose uses are left out: of staff, tests and bots (indicators.md 1.9).
create table content_out (
    contact_id bigint primary key not null
);
