-- Changes of the content on their way to a release. A set is a draft, then in review, then approved (with a time, or at
-- once), then published; or it is withdrawn.
create table change_sets (
    id bigint primary key not null,
    title text not null,
    summary text not null,
    state text not null,
    made_by bigint not null,
    made_at bigint not null,
    sent_by bigint,
    sent_at bigint,
    decided_by bigint,
    decided_at bigint,
    -- Approved for this time.
    publish_at bigint,
    -- Why it could not be published at its time.
    problem text,
    publication_id bigint,
    -- Grows with each change of the set or of an item in it.
    version bigint not null
);
create index change_sets_state on change_sets (state, publish_at);

-- The items of a set: what the editor saw (`base`) and what it shall be (`source`); null: there is none.
create table change_items (
    set_id bigint not null references change_sets (id) on delete cascade,
    item text not null,
    path text not null,
    -- A new item comes right after this one.
    after_item text,
    base text,
    source text,
    edited_by bigint not null,
    edited_at bigint not null,
    version bigint not null,
    primary key (set_id, item)
);
create index change_items_item on change_items (item);

-- What reviewers and editors say to each other, of one item or of the set (empty).
create table change_remarks (
    id bigint primary key not null,
    set_id bigint not null references change_sets (id) on delete cascade,
    item text not null,
    staff_id bigint not null,
    at bigint not null,
    text text not null,
    settled_by bigint,
    settled_at bigint
);
create index change_remarks_set on change_remarks (set_id, at);

-- Why a warning of the check is let stand, by the hash of the warning.
create table change_reasons (
    set_id bigint not null references change_sets (id) on delete cascade,
    finding text not null,
    reason text not null,
    staff_id bigint not null,
    at bigint not null,
    primary key (set_id, finding)
);

-- Which publication changed which item, and whose words they are (null: a folder's).
create table item_history (
    publication_id bigint not null references publications (id),
    item text not null,
    -- added, changed, removed
    what text not null,
    edited_by bigint,
    primary key (publication_id, item)
);
create index item_history_item on item_history (item, publication_id);

alter table publications add column set_id bigint;
alter table publications add column staff_id bigint;
alter table publications add column note text;

-- Who has which item in front right now.
create table item_looks (
    item text not null,
    staff_id bigint not null,
    at bigint not null,
    primary key (item, staff_id)
);

-- Private links by which a colleague tries a draft on a phone, by the hash of their token.
create table try_links (
    hash bytea primary key not null,
    set_id bigint not null references change_sets (id) on delete cascade,
    staff_id bigint not null,
    made_at bigint not null,
    until_at bigint not null
);
create index try_links_set on try_links (set_id);

-- Who is told when something of a tree is overdue.
create table content_owners (
    tree text not null,
    staff_id bigint not null,
    primary key (tree, staff_id)
);
