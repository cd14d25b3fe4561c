-- Per-person state in shared accounts. A personal account has no rows here.

alter table store_account add column has_viewers boolean not null default false;

-- Somebody who looks into a shared account: emails with ids up to `since` count as read unless they say otherwise.
create table store_viewer (
    account_id bigint not null,
    person_id  bigint not null,
    since      bigint not null default 0,
    primary key (account_id, person_id)
) partition by hash (account_id);

-- Only where a person's $seen and $flagged differ from the default; `flags` then has both of them whole.
create table store_viewer_email (
    account_id bigint not null,
    email_id   bigint not null,
    person_id  bigint not null,
    flags      smallint not null,
    primary key (account_id, email_id, person_id)
) partition by hash (account_id);

-- How a mailbox differs for one person: what to add to its unread counters, and whether they subscribe to it.
create table store_viewer_mailbox (
    account_id     bigint not null,
    person_id      bigint not null,
    mailbox_id     bigint not null,
    unread_emails  integer not null default 0,
    unread_threads integer not null default 0,
    is_subscribed  boolean,          -- null: as everybody
    primary key (account_id, person_id, mailbox_id)
) partition by hash (account_id);

do $$
declare
    parent text;
begin
    foreach parent in array array['store_viewer', 'store_viewer_email', 'store_viewer_mailbox'] loop
        for part in 0..15 loop
            execute format('create table %I partition of %I for values with (modulus 16, remainder %s)%s',
                           parent || '_p' || part, parent, part,
                           case parent when 'store_viewer_mailbox' then ' with (fillfactor = 50)' else '' end);
        end loop;
    end loop;
end $$;
