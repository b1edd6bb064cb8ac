-- A person: one identity, or several that turned out to be one (indicators.md 1.3). The id is that of the first of
-- them: a contact's, or below zero for a number of a centre's register. `joined`: belongs to that person.
-- `facts`: the first-occurrence rows (counts) of a person, JSON. `rolled`: those that the cells hold.
create table people (
    id integer primary key not null,
    joined bigint,
    facts text,
    rolled text,
    dirty boolean not null
);
create index people_joined on people (joined) where joined is not null;
create index people_dirty on people (id) where dirty;

-- How many persons stand in each cell of the figures, and how many erased ones do.
create table count_cells (
    erased boolean not null,
    indicator text not null,
    measure text not null,
    period text not null,
    dimension text not null,
    value text not null,
    n bigint not null,
    primary key (erased, indicator, measure, period, dimension, value)
) without rowid;

-- What a person adds to a record that names nobody: employer, household, referral. Person 0: erased people.
create table count_units (
    indicator text not null,
    unit text not null,
    person bigint not null,
    first_day text not null,
    event_id text not null,
    months bigint not null,
    primary key (indicator, unit, person)
) without rowid;
create index count_units_person on count_units (person);

-- Events that were taken out by a later one.
create table count_voids (
    target text primary key not null
) without rowid;

create index events_field on events (seq)
    where type in ('tally', 'approve', 'trainee', 'policy_item', 'report_item', 'survey');
create index events_said on events (seq) where type in ('void', 'link');

-- Every version of indicators.toml.
create table indicator_settings (
    hash text primary key not null,
    text text not null,
    at bigint not null
) without rowid;

-- Figures as they were reported: never changed.
create table count_reports (
    id integer primary key not null,
    period text not null unique,
    as_of bigint not null,
    settings text not null,
    version text not null,
    last_seq bigint not null
);
create table count_report_cells (
    report_id bigint not null references count_reports (id) on delete cascade,
    indicator text not null,
    measure text not null,
    dimension text not null,
    value text not null,
    persons bigint not null,
    erased bigint not null,
    tally bigint not null,
    primary key (report_id, indicator, measure, dimension, value)
) without rowid;
