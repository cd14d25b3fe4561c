-- Whole mailboxes leave as one file; the plan of it is kept, the file is not.

create table transfer_export (
    account_id      bigint not null,
    id              bigint not null default store_new_id(),
    format          text not null,
    mailbox_ids     bigint[],                     -- null: all of them
    state           text not null default 'planning',
    done            integer not null default 0,   -- letters noted
    last_email_id   bigint not null default 0,
    octets          bigint not null default 0,    -- so far; of the whole file once it is ready
    manifest_octets bigint not null default 0,
    manifest_crc    bigint not null default 0,
    created_at      timestamptz not null,
    primary key (account_id, id)
) partition by hash (account_id);

create table transfer_item (
    account_id  bigint not null,
    export_id   bigint not null,
    number      integer not null,
    start       bigint not null,
    length      bigint not null,
    size        bigint not null,
    crc         bigint not null,
    digest      bytea not null,
    path        text not null,
    mailboxes   text[] not null,
    keywords    text[] not null,
    received_at timestamptz not null,
    primary key (account_id, export_id, number)
) partition by hash (account_id);

do $$
declare
    parent text;
begin
    foreach parent in array array['transfer_export', 'transfer_item'] loop
        for part in 0..15 loop
            execute format('create table %I partition of %I for values with (modulus 16, remainder %s)',
                           parent || '_p' || part, parent, part);
        end loop;
    end loop;
end $$;

create index transfer_export_old on transfer_export (created_at);                   -- forgetting
create index transfer_item_digest on transfer_item (digest);                        -- the blob collector
create index transfer_item_start on transfer_item (account_id, export_id, start);   -- going on in the middle
