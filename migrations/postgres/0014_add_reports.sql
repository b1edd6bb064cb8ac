-- What a frozen report tells of the periods before it: how much their figures have changed since each was frozen.
create table count_restatements (
    report_id bigint not null references count_reports (id) on delete cascade,
    period text not null,
    indicator text not null,
    dimension text not null,
    value text not null,
    n bigint not null,
    primary key (report_id, period, indicator, dimension, value)
);

-- Each file of a report that was made: of what, by which settings and program, with which figures. `figures` names the
-- JSON of them, `sha256` is that of the file.
create table report_files (
    id bigint primary key not null,
    period text not null,
    format text not null,
    locale text not null,
    public boolean not null,
    frozen boolean not null,
    as_of bigint not null,
    settings text not null,
    version text not null,
    last_seq bigint not null,
    figures text not null,
    sha256 text not null,
    made_at bigint not null,
    made_by bigint
);
create index report_files_made on report_files (made_at);

-- Figures as files told them, by the SHA-256 of the text.
create table report_figures (
    hash text primary key not null,
    text text not null
);

-- What the quality of the data is judged by: clocks that were ahead, simulated rows, late ones, flags and erasures.
create index events_ahead on events (seq) where occurred_at - recorded_at > 600000;
create index events_simulated on events (seq) where source = 'sim';
create index events_late on events (occurred_at) where recorded_at - occurred_at > 86400000;
create index events_marks on events (type, seq) where type in ('flag', 'erase');
