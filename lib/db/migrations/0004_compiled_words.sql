-- The word list as the functions filter with it; null until the first edit, or the sweep, has compiled it.
alter table dirty_word_list
  add column compiled bytea,
  add column compiled_format integer;
-- Cold instances wait for it: it is not to be decompressed first.
alter table dirty_word_list alter column compiled set storage external;

-- The words that IM's own list has or may have: here before IM is told to add them, and until it has deleted them.
create table im_dirty_words (
  word text collate "C" primary key,
  -- IM has said so, and has not been told otherwise since.
  added boolean not null
);
