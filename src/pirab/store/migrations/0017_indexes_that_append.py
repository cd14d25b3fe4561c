"""Indexes led by ids instead of accounts: ids ascend with time, so new rows go to the end of the index.

An index that begins with the account gets one row here and one there from a letter to many: every page it meets is
split in the middle, and each is written to the log. What is asked by the id of a thread or an email needs no account in
front; the partition is found by the account of the question as before. Older code asks the same questions.
"""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("store", "0016_long_threads")]
    operations = [
        migrations.RunSQL(
            """
            alter table store_email drop constraint store_email_pkey;
            alter table store_email add primary key (id, account_id) with (fillfactor = 97);
            drop index store_email_thread;
            create index store_email_thread on store_email (thread_id) with (fillfactor = 97);

            drop index store_email_message;
            create unique index store_email_message on store_email (message_id, account_id) with (fillfactor = 97);

            -- one key for all such letters of an account: an entry more is six octets, not forty
            drop index store_email_shared;
            create index store_email_shared on store_email (account_id) where has_shared_words;

            alter table store_email_mailbox drop constraint store_email_mailbox_pkey;
            create index store_email_mailbox_email on store_email_mailbox (email_id) with (fillfactor = 97);
            -- the time is the email's own: an email is in a mailbox once, as the primary key said
            drop index store_email_mailbox_list;
            create unique index store_email_mailbox_list on store_email_mailbox
                (account_id, mailbox_id, received_at desc, email_id desc) include (thread_id);

            -- every row of the log has a number of its own, whatever type it is about
            alter table store_change drop constraint store_change_pkey;
            alter table store_change add primary key (account_id, modseq);

            -- room for one row in twelve to be marked at a time: marking is quick, and clears up what it leaves
            do $$ begin
                for part in 0..15 loop
                    execute format('alter table store_email_p%s set (fillfactor = 92)', part);
                end loop;
            end $$;
            """,
            reverse_sql="""
            do $$ begin
                for part in 0..15 loop
                    execute format('alter table store_email_p%s set (fillfactor = 85)', part);
                end loop;
            end $$;
            drop index store_email_message;
            create unique index store_email_message on store_email (message_id, account_id);
            alter table store_change drop constraint store_change_pkey;
            alter table store_change add primary key (account_id, object_type, modseq);
            alter table store_email drop constraint store_email_pkey;
            alter table store_email add primary key (account_id, id);
            drop index store_email_shared;
            create index store_email_shared on store_email (account_id, message_id) where has_shared_words;
            drop index store_email_thread, store_email_mailbox_email, store_email_mailbox_list;
            create index store_email_thread on store_email (account_id, thread_id);
            alter table store_email_mailbox add primary key (account_id, email_id, mailbox_id);
            create index store_email_mailbox_list on store_email_mailbox
                (account_id, mailbox_id, received_at desc, email_id desc) include (thread_id);
            """,
        )
    ]
