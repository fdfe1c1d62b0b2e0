-- Times are Unix seconds: the application's clock decides, not the server's.

create table classes (
  class_id text primary key,
  name text not null,
  teacher_id text not null,
  assistant_ids jsonb not null,
  passcode_hash text,
  starts_at bigint,
  ends_at bigint,
  -- 'opening' is the intent: written before the first call to IM, and not yet a class to anybody.
  status text not null check (status in ('opening', 'scheduled', 'live', 'ended')),
  room_id integer not null,
  created_at bigint not null,
  ended_at bigint,
  -- What the class was created from, so that a repeated create-class is told from another one even after changes.
  created_from text not null,
  created_passcode_hash text,
  -- Who is opening it: only the attempt that is named here may take back what it made.
  attempt text not null
);
create index classes_by_teacher on classes (teacher_id, created_at);
create index classes_opening on classes (created_at) where status = 'opening';

-- A room number belongs to one class until it ends, and rests before it is given to another.
create table rooms (
  room_id integer primary key check (room_id between 1 and 10000000),
  class_id text not null,
  rests_until bigint
);

-- Groups that a failed creation could not take back.
create table repairs (
  repair_id bigint generated always as identity primary key,
  class_id text not null,
  group_id text not null,
  group_type text not null,
  owner_id text not null,
  intent_at bigint not null,
  created_at bigint not null
);
create index repairs_by_class on repairs (class_id);

create table idempotency_keys (
  caller_id text not null,
  key text not null,
  class_id text not null,
  created_at bigint not null,
  primary key (caller_id, key)
);

-- What is known of people: the nickname of their last sign-in.
create table users (
  user_id text primary key,
  name text
);

create table dirty_words (
  word text collate "C" primary key,
  action text check (action in ('mask', 'reject', 'drop', 'allow')),
  tags jsonb not null
);

create table dirty_word_list (
  only_row boolean primary key default true check (only_row),
  version integer not null,
  size integer not null
);
insert into dirty_word_list (version, size) values (0, 0);

-- Joins and leaves that IM has told us of, each announced once. One notice is one group, event and random.
create table notices (
  event_key text primary key,
  group_id text not null,
  event text not null check (event in ('join', 'leave')),
  user_id text not null,
  random bigint not null,
  created_at bigint not null,
  sent_at bigint
);
create index notices_unsent on notices (created_at) where sent_at is null;
