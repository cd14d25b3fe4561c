-- Mail that people bring along, as it comes in and is worked through.

create table transfer_import (
    account_id bigint not null,
    id         bigint not null default store_new_id(),
    format     text not null,
    state      text not null default 'receiving',
    octets     bigint not null default 0,    -- received so far
    place      bigint not null default 0,    -- worked through: letters of a ZIP, octets of an mbox
    imported   integer not null default 0,
    duplicates integer not null default 0,
    problems   integer not null default 0,
    created_at timestamptz not null,
    primary key (account_id, id)
) partition by hash (account_id);

create table transfer_part (
    account_id bigint not null,
    import_id  bigint not null,
    start      bigint not null,
    size       bigint not null,
    digest     bytea not null,
    primary key (account_id, import_id, start)
) partition by hash (account_id);

create table transfer_problem (
    account_id bigint not null,
    import_id  bigint not null,
    number     integer not null,
    name       text not null,
    code       text not null,
    primary key (account_id, import_id, number)
) partition by hash (account_id);

do $$
declare
    parent text;
begin
    foreach parent in array array['transfer_import', 'transfer_part', 'transfer_problem'] loop
        for part in 0..15 loop
            execute format('create table %I partition of %I for values with (modulus 16, remainder %s)',
                           parent || '_p' || part, parent, part);
        end loop;
    end loop;
end $$;

create index transfer_import_old on transfer_import (created_at);
create index transfer_part_digest on transfer_part (digest);   -- the blob collector
