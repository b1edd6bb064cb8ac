-- Files that consultants send: which way a file goes, and the name that its person sees, sealed for its case.
alter table attachments add column outgoing boolean not null default false;
alter table attachments add column name_sealed bytea;
