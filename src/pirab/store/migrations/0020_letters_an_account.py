"""What the planner is to believe of accounts: that one holds hundreds of letters.

Statistics say what is true on average, and letters to many open hundreds of thousands of accounts with one letter each.
Then reading all of an account looks as cheap as finding one of its letters, and is done a hundred thousand times dearer
where somebody holds that many. With the number fixed, what is asked by the id of an email is found by its id.
"""

from __future__ import annotations

from django.db import migrations

SET = """
    do $$ begin
        for part in 0..15 loop
            execute format('alter table store_email_p%s alter column account_id set (n_distinct = -0.002)', part);
            execute format(
                'alter table store_email_mailbox_p%s alter column account_id set (n_distinct = -0.002)', part);
        end loop;
    end $$;
    analyze store_email;
    analyze store_email_mailbox;
"""

RESET = """
    do $$ begin
        for part in 0..15 loop
            execute format('alter table store_email_p%s alter column account_id reset (n_distinct)', part);
            execute format('alter table store_email_mailbox_p%s alter column account_id reset (n_distinct)', part);
        end loop;
    end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("store", "0019_contact_states")]
    operations = [migrations.RunSQL(SET, reverse_sql=RESET)]
