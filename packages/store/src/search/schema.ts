// The tables of the index. It can be made again from the registry and Codex's files, so there are no
// steps between schemas: an index of another one is thrown away.

/** The schema that this dispatch writes. */
export const INDEX_SCHEMA = 1

/** `dspi` in ASCII, in the header of every index. */
export const INDEX_APPLICATION_ID = 0x64_73_70_69

// An item's number is the instant at which it happened, in ms, or the first free one after: so newest
// first is the order of the rows, whenever they were indexed, and times bound a scan. The text stands
// once, in `documents`; `words` keeps none of it and takes rows back by their number alone.
export const indexSchema = `
create table threads (
  id integer primary key,
  threadId text not null unique,
  floor integer,
  rollout text
) strict;
create index threads_undone on threads (id) where floor is null or floor > 0;

create table documents (
  id integer primary key,
  lane integer not null,
  turnId text not null,
  itemId text not null,
  type text not null,
  tool text,
  status text,
  at integer not null,
  files text not null,
  length integer not null,
  text text not null
) strict;
create unique index documents_item on documents (lane, turnId, itemId);

create virtual table words using fts5 (
  text, files, tags,
  content = '', contentless_delete = 1,
  tokenize = 'unicode61 remove_diacritics 2',
  prefix = '2 3'
);

create table marks (name text primary key, value integer not null) strict, without rowid;
`
