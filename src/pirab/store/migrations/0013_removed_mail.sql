-- Mail that its owner has destroyed and can still have back. `id` is the id of the Email it was.
create table store_removed_email (
    account_id  bigint not null,
    id          bigint not null,
    message_id  bigint not null,
    size        integer not null,
    flags       smallint not null,
    keywords    text[],
    mailboxes   bigint[] not null,
    received_at timestamptz not null,
    removed_at  timestamptz not null,
    primary key (account_id, id)
) partition by hash (account_id);

do $$
begin
    for part in 0..15 loop
        execute format('create table store_removed_email_p%s partition of store_removed_email'
                       ' for values with (modulus 16, remainder %s)', part, part);
    end loop;
end $$;

create index store_removed_email_message on store_removed_email (message_id);            -- the collector
create index store_removed_email_removed on store_removed_email (account_id, removed_at);  -- lists
create index store_removed_email_old on store_removed_email (removed_at);                 -- the purge
