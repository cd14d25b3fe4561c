-- The first schema of the store; later changes are migrations of their own.
-- Tables that grow with mail are hash-partitioned by account_id into 16 parts.

create extension if not exists btree_gin;

create sequence store_id_seq;

-- Time-ordered keys: milliseconds since 2025 in the upper 41 bits, a running number below. Unique across processes.
create function store_new_id() returns bigint language sql volatile as $$
    select (((extract(epoch from clock_timestamp()) * 1000)::bigint - 1735689600000) << 22)
           | (nextval('store_id_seq') & 4194303)
$$;

create table store_account (
    account_id       bigint primary key,
    modseq           bigint not null default 0,
    email_state      bigint not null default 0,
    mailbox_state    bigint not null default 0,
    thread_state     bigint not null default 0,
    submission_state bigint not null default 0,
    identity_state   bigint not null default 0,
    oldest_modseq    bigint not null default 0,   -- the change log is complete above this
    used_bytes       bigint not null default 0,
    email_count      bigint not null default 0,
    quota_bytes      bigint not null
) with (fillfactor = 50);

-- One row a distinct content. Not partitioned by account: it belongs to nobody alone.
create table store_message (
    id             bigint primary key default store_new_id(),
    digest         bytea not null unique,
    size           bigint not null,
    sent_at        timestamptz,
    has_attachment boolean not null,
    thread_key     bigint,          -- hash of the base subject; null joins on references alone (delivery reports)
    subject_key    text not null,   -- sort keys, folded and cut
    from_key       text not null,
    to_key         text not null,
    envelope       text not null,   -- JSON: what a list shows
    structure      text not null    -- JSON: the MIME tree with byte ranges
);

-- Which message-ids a message carries or mentions, hashed to 63 bits.
create table store_message_ref (
    ref        bigint not null,
    is_own     boolean not null,    -- carried as its Message-ID, or only mentioned
    message_id bigint not null,
    primary key (ref, is_own, message_id)
);

create table store_mailbox (
    account_id     bigint not null,
    id             bigint not null default store_new_id(),
    parent_id      bigint,
    name           text not null,
    role           text,
    sort_order     bigint not null default 0,
    is_subscribed  boolean not null default true,
    total_emails   integer not null default 0,
    unread_emails  integer not null default 0,
    total_threads  integer not null default 0,
    unread_threads integer not null default 0,
    uid_next       bigint not null default 1,
    primary key (account_id, id)
) partition by hash (account_id);

create table store_email (
    account_id     bigint not null,
    id             bigint not null default store_new_id(),
    message_id     bigint not null,
    thread_id      bigint not null,
    received_at    timestamptz not null,
    modseq         bigint not null,
    size           integer not null,
    flags          smallint not null default 0,   -- system keywords, see keywords.py
    has_attachment boolean not null default false,
    keywords       text[],                        -- all other keywords, sorted; null when none
    primary key (account_id, id)
) partition by hash (account_id);

create table store_email_mailbox (
    account_id  bigint not null,
    mailbox_id  bigint not null,
    email_id    bigint not null,
    thread_id   bigint not null,
    received_at timestamptz not null,
    uid         bigint not null,
    primary key (account_id, email_id, mailbox_id)
) partition by hash (account_id);

create table store_email_search (
    account_id bigint not null,
    email_id   bigint not null,
    version    smallint not null,   -- of the tokenizer
    tokens     tsvector not null,   -- A subject, B from, C to/cc/bcc, D body and attachment names
    primary key (account_id, email_id)
) partition by hash (account_id);

create table store_change (
    account_id  bigint not null,
    modseq      bigint not null,
    object_type smallint not null,
    kind        smallint not null,
    object_id   bigint not null,
    primary key (account_id, object_type, modseq)
) partition by hash (account_id);

create table store_upload (
    account_id bigint not null,
    digest     bytea not null,
    size       bigint not null,
    media_type text not null,
    created_at timestamptz not null,
    primary key (account_id, digest)
) partition by hash (account_id);

-- Messages that lost a reader; the collector looks whether anybody still has them.
create table store_orphan (
    message_id bigint primary key,
    since      timestamptz not null
);

do $$
declare
    parent text;
    options text;
begin
    foreach parent in array array['store_mailbox', 'store_email', 'store_email_mailbox', 'store_email_search',
                                  'store_change', 'store_upload'] loop
        options := case parent when 'store_mailbox' then ' with (fillfactor = 50)'
                               when 'store_email' then ' with (fillfactor = 85)'
                               -- an un-merged pending list makes every search of a small account slow
                               else '' end;
        for part in 0..15 loop
            execute format('create table %I partition of %I for values with (modulus 16, remainder %s)%s',
                           parent || '_p' || part, parent, part, options);
        end loop;
    end loop;
end $$;

create unique index store_mailbox_role on store_mailbox (account_id, role) where role is not null;
create unique index store_mailbox_name on store_mailbox (account_id, coalesce(parent_id, 0), name);
-- Serves three questions: does this account hold the message, who holds it at all, and threading.
create unique index store_email_message on store_email (message_id, account_id);
create index store_email_thread on store_email (account_id, thread_id);
create index store_email_received on store_email (account_id, received_at desc, id desc);
create index store_email_mailbox_list on store_email_mailbox
    (account_id, mailbox_id, received_at desc, email_id desc) include (thread_id);
create index store_email_search_tokens on store_email_search using gin (account_id, tokens) with (fastupdate = off);
