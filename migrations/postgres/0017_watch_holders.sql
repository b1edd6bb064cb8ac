-- When a case was given to its holder by somebody else (equal to held_since then), and what of it the holder has seen.
alter table cases add column given_at bigint;
alter table cases add column seen_at bigint;
-- Who set the day of a follow-up, and when they were reminded of it last.
alter table cases add column follow_up_by bigint;
alter table cases add column follow_up_told_at bigint;
create index cases_follow_up on cases (follow_up_at) where follow_up_at is not null;
-- A case that opened again, and one without its person, has no day any more.
update cases set follow_up_at = null
    where follow_up_at is not null and (state <> 'closed' or sealed is null);
update cases set follow_up_by = holder where follow_up_at is not null;

-- The trail takes new rows only.
create function audit_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'the trail is append-only';
end
$$;
create trigger audit_keeps_rows before update or delete or truncate on audit
    for each statement execute function audit_is_append_only();
