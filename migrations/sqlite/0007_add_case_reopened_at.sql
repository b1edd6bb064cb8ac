-- When a closed case was opened again: closing times count from then.
alter table cases add column reopened_at bigint;
