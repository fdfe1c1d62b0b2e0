-- What a class needs from its first join to its replay. Times are Unix seconds; a name in `_ms` says otherwise.

alter table classes
  -- A class far ahead has no groups yet. `opening`: somebody has begun to make them, and what is there is ours.
  add column groups text not null default 'open' check (groups in ('none', 'opening', 'open')),
  add column groups_opened_at bigint,
  add column groups_checked_at bigint not null default 0,
  add column went_live_at bigint,
  add column muted boolean not null default false,
  -- What IM has not been told yet.
  add column mute_unsettled boolean not null default false,
  add column name_unsettled boolean not null default false,
  -- The replay is in `replay_messages`, whole; before that it is read from IM. How much of it there is, and how much is copied.
  add column exported_at bigint,
  add column replay_newest bigint not null default 0,
  add column replay_copied bigint not null default 0,
  -- Everything that the class had at IM and TRTC is gone.
  add column closed_at bigint;
update classes set groups_opened_at = created_at;
alter table classes alter column groups drop default;
create index classes_by_assistant on classes using gin (assistant_ids);
create index classes_by_creation on classes (created_at);
create index classes_going_on on classes (class_id) where status in ('scheduled', 'live');
create index classes_by_opening on classes (groups_opened_at);
create index classes_to_close on classes (class_id) where status = 'ended' and closed_at is null;
create index classes_unsettled on classes (class_id) where mute_unsettled or name_unsettled;

create index rooms_by_class on rooms (class_id);

-- Whoever has to do with a class beyond what its row says.
create table members (
  class_id text not null,
  user_id text not null,
  joined_at bigint,
  last_joined_at bigint,
  removed_at bigint,
  muted_until bigint not null default 0,
  board boolean not null default false,
  clock_reported_at bigint not null default 0,
  -- What IM and TRTC have not been told yet.
  board_unsettled boolean not null default false,
  mute_unsettled boolean not null default false,
  removal_unsettled boolean not null default false,
  primary key (class_id, user_id)
);
create index members_by_user on members (user_id) where joined_at is not null;
create index members_unsettled on members (class_id, user_id) where board_unsettled or mute_unsettled or removal_unsettled;

-- When the account was made known to IM.
alter table users add column imported_at bigint;

-- When somebody has tried passcodes, within the last minute.
create table passcode_tries (
  user_id text primary key,
  tried_at bigint[] not null
);

-- Messages that must reach IM once: sent again, with the same random, until IM has said so.
create table outbox (
  message_id text not null,
  group_id text not null,
  class_id text not null,
  -- The administrator when null.
  sender_id text,
  random bigint not null,
  data text not null,
  description text not null,
  priority text not null check (priority in ('High', 'Normal', 'Low')),
  created_at bigint not null,
  sent_at bigint,
  primary key (message_id, group_id)
);
create index outbox_unsent on outbox (created_at) where sent_at is null;
create index outbox_by_age on outbox (created_at);

-- The replies to send-message, by the id that the caller gave: the same again for ten minutes.
create table sent_messages (
  class_id text not null,
  user_id text not null,
  client_message_id text not null,
  message_id text not null,
  delivered boolean not null,
  created_at bigint not null,
  primary key (class_id, user_id, client_message_id)
);
create index sent_messages_by_age on sent_messages (created_at);

-- What is used up of a budget in its current second.
create table budgets (
  key text primary key,
  second bigint not null,
  used integer not null
);

-- Comings and goings as TRTC and IM tell them, in any order, each once. `stay` tells one device's from another's.
create table presence (
  class_id text not null,
  user_id text not null,
  source text not null check (source in ('trtc', 'im')),
  event text not null check (event in ('enter', 'exit')),
  at_ms bigint not null,
  stay text not null,
  primary key (class_id, user_id, source, event, at_ms, stay)
);
create index presence_by_user on presence (user_id, at_ms) where source = 'trtc' and event = 'enter';
create index presence_by_age on presence (at_ms);

-- Recorded files, each announced once in the replay as a message of type 1004.
create table recordings (
  class_id text not null,
  task_id text not null,
  file text not null,
  random bigint not null,
  data text not null,
  created_at bigint not null,
  primary key (class_id, task_id, file)
);

-- The exported replay. What is no replay message of ours left no row; what is missing is in replay_gaps.
create table replay_messages (
  class_id text not null,
  seq bigint not null,
  time bigint not null,
  user_id text not null,
  type text not null check (type in ('board', '1003', '1004')),
  data text not null,
  random bigint,
  primary key (class_id, seq)
);
create table replay_gaps (
  class_id text not null,
  from_seq bigint not null,
  to_seq bigint not null,
  reason text not null check (reason in ('missing', 'expired', 'recalled')),
  primary key (class_id, from_seq)
);
