-- Notices are folded: what happens in a class within one window is told at once. Times are milliseconds since 1970.
-- The tables are unlogged: a storm of joins waits for no disk here, and what a crash of the database takes with it is the
-- notices of its last seconds. Attendance is kept elsewhere.

drop table notices;

-- Joins and leaves that IM has told us of, each once; `folded` when they have been counted.
create unlogged table notice_events (
  event_key text not null,
  user_id text not null,
  group_id text not null,
  event text not null check (event in ('join', 'leave')),
  arrival bigint generated always as identity,
  created_at_ms bigint not null,
  folded boolean not null default false,
  primary key (event_key, user_id)
);
create index notice_events_unfolded on notice_events (group_id) where not folded;
create index notice_events_by_age on notice_events (created_at_ms);

-- The windows that are open, and which invocation waits for their end.
create unlogged table notice_windows (
  group_id text primary key,
  holder text not null,
  ends_at_ms bigint not null
);

-- What has been folded, sent again with the same random until IM has said that it has it, or may have forgotten it.
create unlogged table notices (
  notice_id bigint generated always as identity primary key,
  group_id text not null,
  event text not null check (event in ('join', 'leave')),
  -- The first of those who are counted.
  user_ids jsonb not null,
  count integer not null,
  random bigint not null,
  created_at_ms bigint not null,
  sent_at_ms bigint
);
create index notices_unsent on notices (group_id) where sent_at_ms is null;
create index notices_by_sending on notices (group_id, sent_at_ms);
create index notices_by_age on notices (created_at_ms);
