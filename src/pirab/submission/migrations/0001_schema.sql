-- The first schema of submission; later changes are migrations of their own.
-- Every table grows with people or mail, so all are hash-partitioned by account_id into 16 parts.

create table submission_identity (
    account_id     bigint not null,
    id             bigint not null default store_new_id(),
    is_default     boolean not null,
    address_key    text not null,    -- the address in normal form
    email          text not null,
    name           text not null,
    reply_to       jsonb,            -- [{"name": …, "email": …}] or null
    bcc            jsonb,
    text_signature text not null,
    html_signature text not null,
    primary key (account_id, id)
) partition by hash (account_id);

create table submission_submission (
    account_id      bigint not null,
    id              bigint not null default store_new_id(),
    identity_id     bigint not null,
    email_id        bigint not null,
    thread_id       bigint not null,
    message_key     text not null,   -- the mail's Message-ID without its brackets, or empty
    source_digest   bytea,           -- the mail as its author kept it; null once nothing is left to do
    outbound_digest bytea,           -- the bytes as they leave; null before the scanners agree and when all is done
    mail_from       text not null,
    mail_parameters jsonb,
    secret          text not null,   -- the unguessable half of the envelope id
    created_at      timestamptz not null,
    send_at         timestamptz not null,
    undo_status     text not null check (undo_status in ('pending', 'final', 'canceled')),
    phase           text not null check (phase in ('waiting', 'sending', 'done')),
    is_junk         boolean not null default false,
    attempts        integer not null default 0,
    next_attempt_at timestamptz,     -- null when nothing is left to do
    destroyed_at    timestamptz,     -- hidden from clients; delivery goes on (rfc8621#7.5)
    primary key (account_id, id)
) partition by hash (account_id);

create table submission_recipient (
    account_id    bigint not null,
    submission_id bigint not null,
    position      integer not null,
    address       text not null,     -- as written in the envelope
    address_key   text not null,     -- in normal form
    parameters    jsonb,
    state         text not null,
    smtp_reply    text not null,
    last_event_at timestamptz not null,
    is_bounced    boolean not null default false,  -- the sender was told of the failure
    primary key (account_id, submission_id, position)
) partition by hash (account_id);

create table submission_report (
    account_id    bigint not null,
    submission_id bigint not null,
    digest        bytea not null,    -- of the delivery status notification as it arrived
    received_at   timestamptz not null,
    primary key (account_id, submission_id, digest)
) partition by hash (account_id);

do $$
declare
    parent text;
begin
    foreach parent in array array['submission_identity', 'submission_submission', 'submission_recipient',
                                  'submission_report'] loop
        for part in 0..15 loop
            execute format('create table %I partition of %I for values with (modulus 16, remainder %s)',
                           parent || '_p' || part, parent, part);
        end loop;
    end loop;
end $$;

-- One default identity an address, whoever asks first (identity_actions.ensure_default_identities).
create unique index submission_identity_default on submission_identity (account_id, address_key) where is_default;
-- Work that is due, across accounts (records.overdue).
create index submission_submission_due on submission_submission (next_attempt_at) where next_attempt_at is not null;
-- EmailSubmission/query (search.query).
create index submission_submission_email on submission_submission (account_id, email_id);
create index submission_submission_thread on submission_submission (account_id, thread_id);
create index submission_submission_send_at on submission_submission (account_id, send_at desc, id desc);
-- Which bytes are still needed (blob.registry).
create index submission_submission_source on submission_submission (source_digest);
create index submission_submission_outbound on submission_submission (outbound_digest)
    where outbound_digest is not null;
create index submission_report_digest on submission_report (digest);
-- Handed over long ago and not heard of since (records.settle_silent).
create index submission_recipient_silent on submission_recipient (last_event_at)
    where state in ('handed_over', 'delayed');
