-- Questions that were not answered well, masked and sealed, with no link to who asked: for those who write the content.
create table questions (
    id integer primary key not null,
    day bigint not null,
    locale text,
    why text not null,
    nearest text,
    key_id integer not null,
    sealed blob not null
);
create index questions_day on questions (day);
