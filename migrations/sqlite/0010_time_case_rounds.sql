-- Since when the present holder has a case: a case that was handed on is not theirs from the first claim.
alter table cases add column held_since bigint;
-- The first answer since a case was opened, or opened again.
alter table cases add column round_answer_at bigint;
update cases set round_answer_at = case
    when reopened = 0 then first_answer_at
    when staff_at >= reopened_at then staff_at end;
