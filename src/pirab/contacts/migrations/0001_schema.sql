-- Address books, cards and correspondents: all hash-partitioned by account_id into 16 parts, like the store's tables.

create table contacts_book (
    account_id    bigint not null,
    id            bigint not null default store_new_id(),
    name          text not null,
    description   text,
    sort_order    bigint not null default 0,
    is_default    boolean not null default false,
    is_subscribed boolean not null default true,
    unit_id       bigint,                          -- the agency whose people may read it
    primary key (account_id, id)
) partition by hash (account_id);

create table contacts_card (
    account_id  bigint not null,
    id          bigint not null default store_new_id(),
    uid         text not null,
    kind        text not null,
    content     text not null,             -- JSON of rfc9553, without addressBookIds
    book_ids    bigint[] not null,
    created_at  timestamptz not null,
    updated_at  timestamptz not null,
    fields      jsonb not null,            -- folded texts by name of the filter's condition
    given_key   text not null,             -- in dictionary order
    surname_key text not null,
    surname2_key text not null,
    shown       text not null,             -- the name as lists show it
    emails      text[] not null,           -- addresses in normal form, in the order of preference
    words       text[] not null,           -- folded words of the names, for what is typed into a recipient field
    sounds      text[] not null,           -- what those words are found by when they are misspelt
    person_id   bigint,                    -- the official whose entry the card follows
    import_id   bigint,
    primary key (account_id, id)
) partition by hash (account_id);

create table contacts_media (
    account_id bigint not null,
    card_id    bigint not null,
    digest     bytea not null,
    primary key (account_id, card_id, digest)
) partition by hash (account_id);

create table contacts_correspondent (
    account_id bigint not null,
    address    text not null,              -- normal form
    name       text not null,
    letters    integer not null,
    last_at    timestamptz not null,
    score      double precision not null,  -- log2 of the weights added up, each doubled for every half-life passed
    person_id  bigint,
    words      text[] not null,
    sounds     text[] not null,
    primary key (account_id, address)
) partition by hash (account_id);

-- No row: correspondents are remembered.
create table contacts_setting (
    account_id bigint primary key,
    remembers  boolean not null
);

-- What a linked entry changed in a card, for its history.
create table contacts_notice (
    account_id bigint not null,
    id         bigint not null default store_new_id(),
    card_id    bigint not null,
    noticed_at timestamptz not null,
    changes    text not null,              -- JSON: [{"field", "old", "new"}]
    is_seen    boolean not null default false,
    primary key (account_id, id)
) partition by hash (account_id);

create table contacts_import (
    account_id  bigint not null,
    id          bigint not null default store_new_id(),
    file_name   text not null,
    imported_at timestamptz not null,
    made        integer not null,
    passed_over integer not null,
    errors      text not null,             -- JSON: [{"row", "column", "code", "value"}]
    undone_at   timestamptz,
    primary key (account_id, id)
) partition by hash (account_id);

do $$
declare
    parent text;
begin
    foreach parent in array array['contacts_book', 'contacts_card', 'contacts_media', 'contacts_correspondent',
                                  'contacts_notice', 'contacts_import'] loop
        for part in 0..15 loop
            execute format('create table %I partition of %I for values with (modulus 16, remainder %s)',
                           parent || '_p' || part, parent, part);
        end loop;
    end loop;
end $$;

create unique index contacts_book_default on contacts_book (account_id) where is_default;
create index contacts_book_unit on contacts_book (unit_id) where unit_id is not null;
create unique index contacts_card_uid on contacts_card (account_id, uid);
create index contacts_card_person on contacts_card (person_id) where person_id is not null;
create index contacts_card_import on contacts_card (account_id, import_id) where import_id is not null;
create index contacts_media_digest on contacts_media (digest);
create index contacts_correspondent_score on contacts_correspondent (account_id, score desc);
create index contacts_notice_card on contacts_notice (account_id, card_id, id desc);
