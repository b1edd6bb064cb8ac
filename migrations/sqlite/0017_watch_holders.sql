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
create trigger audit_keeps_rows before update on audit begin
    select raise(abort, 'the trail is append-only');
end;
create trigger audit_loses_none before delete on audit begin
    select raise(abort, 'the trail is append-only');
end;
-- "insert or replace" would delete without the trigger above.
create trigger audit_replaces_none before insert on audit
    when exists (select 1 from audit where seq = new.seq) begin
    select raise(abort, 'the trail is append-only');
end;
