-- Words by which people are found. A word is never changed and may outlive its last use.
create table finding_word (
    id   integer generated always as identity primary key,
    word text collate "C" not null unique,
    kind smallint not null,        -- 0 plain, 1 name, 2 of an address, 3 beginning of a name
    near text[] collate "C"        -- of a name: its sounds, and itself less a letter
);
create index finding_word_near on finding_word using gin (near) where near is not null;

-- One row for each listed person. `terms` holds keys of words, and of every unit above the person's own and those
-- of their posts the negative key: one scan of one index answers for words and place together.
create table finding_entry (
    person_id bigint primary key,
    agency_id bigint,
    ancestry  bigint[] not null,
    terms     integer[] not null,
    names     integer[] not null,            -- those of the terms that are names
    numbers   text collate "C" not null,     -- digits of the telephones shown, a space between two
    is_head   boolean not null,
    sorting   text collate "C" not null,
    card      jsonb not null                 -- what a list shows
);
-- No pending list: a question would have to read it.
create index finding_entry_terms on finding_entry using gin (terms) with (fastupdate = off);
create index finding_entry_numbers on finding_entry using gin (numbers gin_trgm_ops) with (fastupdate = off)
    where numbers <> '';
create index finding_entry_unit on finding_entry (agency_id, sorting);

-- How much of the directory each person has read, day by day (of Bangkok); outlives the person.
create table finding_reading (
    person_id bigint not null,
    day       date not null,
    requests  integer not null default 0,
    entries   integer not null default 0,
    primary key (person_id, day)
);

-- Each bulk read: who, when, how many, of what, why. Outlives the person.
create table finding_bulk_read (
    id        bigint generated always as identity primary key,
    person_id bigint not null,
    login     text not null,
    at        timestamptz not null,
    agency_id bigint,
    entries   integer not null,
    purpose   text not null
);
create index finding_bulk_read_of on finding_bulk_read (person_id, at);
