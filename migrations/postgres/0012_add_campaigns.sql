-- The register of campaign codes says all that indicators.md 1.11 asks for. Days are YYYY-MM-DD in the programme's zone.
alter table codes add column country text not null default '';
alter table codes add column from_day text;
alter table codes add column until_day text;
alter table codes add column partner text not null default '';
alter table codes add column budget_line text not null default '';
alter table codes add column owner text not null default '';
-- Grows with each change: a form says which one it was made from.
alter table codes add column version bigint not null default 1;

-- How often a leaflet's page was opened, by day of the programme's zone. Code '': without one, or with one that is
-- unknown or over. Nothing of who opened it.
create table link_opens (
    code text not null,
    day text not null,
    opens bigint not null,
    primary key (code, day)
);

create index link_opens_day on link_opens (day);
