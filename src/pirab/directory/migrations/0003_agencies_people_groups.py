"""Agencies become a tree one can ask, people get entries and posts, addresses may stand for groups.

Older code goes on beside it: new columns of old tables have defaults in the database, and the trigger fills the
ancestry of an agency that was made without one.
"""

from __future__ import annotations

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import pirab.directory.types

FILL_ANCESTRY = """
    create function directory_agency_place() returns trigger language plpgsql as $$
    begin
        new.ancestry := coalesce((select a.ancestry from directory_agency a where a.id = new.parent_id), '{}') || new.id;
        return new;
    end $$;
    create trigger directory_agency_place before insert on directory_agency
        for each row execute function directory_agency_place();
    with recursive way(id, ancestry) as (
        select id, array[id] from directory_agency where parent_id is null
        union all
        select c.id, w.ancestry || c.id from way w join directory_agency c on c.parent_id = w.id
    )
    update directory_agency a set ancestry = w.ancestry from way w where w.id = a.id;
"""

DROP_ANCESTRY = """
    drop trigger directory_agency_place on directory_agency;
    drop function directory_agency_place();
"""

PRESENT_MEMBERSHIPS = """
    create view directory_membership_now as
    select id, person_id, account_id, role, sending
      from directory_membership
     where (since is null or since <= now()) and (until is null or until > now())
"""


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0002_quota_of_agencies"),
    ]

    operations = [
        migrations.CreateModel(
            name="Duty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            (
                                pirab.directory.types.DutyKind["ADMINISTRATOR"],
                                pirab.directory.types.DutyKind["ADMINISTRATOR"],
                            ),
                            (
                                pirab.directory.types.DutyKind["OPERATOR"],
                                pirab.directory.types.DutyKind["OPERATOR"],
                            ),
                            (
                                pirab.directory.types.DutyKind["SECURITY_OFFICER"],
                                pirab.directory.types.DutyKind["SECURITY_OFFICER"],
                            ),
                        ]
                    ),
                ),
                ("appointed_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name_plural": "duties",
            },
        ),
        migrations.CreateModel(
            name="Group",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            (
                                pirab.directory.types.GroupKind["PEOPLE"],
                                pirab.directory.types.GroupKind["PEOPLE"],
                            ),
                            (
                                pirab.directory.types.GroupKind["POST"],
                                pirab.directory.types.GroupKind["POST"],
                            ),
                            (
                                pirab.directory.types.GroupKind["UNIT"],
                                pirab.directory.types.GroupKind["UNIT"],
                            ),
                        ],
                        default=pirab.directory.types.GroupKind["PEOPLE"],
                    ),
                ),
                (
                    "posting",
                    models.TextField(
                        choices=[
                            (
                                pirab.directory.types.PostingPolicy["OPEN"],
                                pirab.directory.types.PostingPolicy["OPEN"],
                            ),
                            (
                                pirab.directory.types.PostingPolicy["MEMBERS"],
                                pirab.directory.types.PostingPolicy["MEMBERS"],
                            ),
                            (
                                pirab.directory.types.PostingPolicy["ANNOUNCEMENT"],
                                pirab.directory.types.PostingPolicy["ANNOUNCEMENT"],
                            ),
                            (
                                pirab.directory.types.PostingPolicy["MODERATED"],
                                pirab.directory.types.PostingPolicy["MODERATED"],
                            ),
                        ],
                        default=pirab.directory.types.PostingPolicy["MEMBERS"],
                    ),
                ),
                ("name_th", models.TextField()),
                ("name_en", models.TextField(blank=True)),
                ("is_active", models.BooleanField(default=True)),
                ("version", models.IntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name="GroupMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("outside", models.TextField(null=True)),
                ("receives", models.BooleanField(default=True)),
                ("manages", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Holding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            (
                                pirab.directory.types.HoldingKind["SUBSTANTIVE"],
                                pirab.directory.types.HoldingKind["SUBSTANTIVE"],
                            ),
                            (
                                pirab.directory.types.HoldingKind["ACTING"],
                                pirab.directory.types.HoldingKind["ACTING"],
                            ),
                        ],
                        default=pirab.directory.types.HoldingKind["SUBSTANTIVE"],
                    ),
                ),
                ("since", models.DateField(null=True)),
                ("until", models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title_th", models.TextField()),
                ("title_en", models.TextField(blank=True)),
                ("is_head", models.BooleanField(default=False)),
                ("position", models.IntegerField(default=0)),
                ("version", models.IntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name="Profile",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="profile",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("title", models.TextField(blank=True)),
                ("rank", models.TextField(blank=True)),
                ("given_th", models.TextField(blank=True)),
                ("family_th", models.TextField(blank=True)),
                ("given_en", models.TextField(blank=True)),
                ("family_en", models.TextField(blank=True)),
                ("office_phone", models.TextField(blank=True)),
                ("extension", models.TextField(blank=True)),
                ("mobile", models.TextField(blank=True)),
                ("expertise", models.TextField(blank=True)),
                ("about", models.TextField(blank=True)),
                ("picture", models.BinaryField(null=True)),
                (
                    "hidden",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
                ("is_listed", models.BooleanField(default=True)),
                ("version", models.IntegerField(default=1)),
            ],
        ),
        migrations.AddField(
            model_name="agency",
            name="abbreviation_en",
            field=models.TextField(blank=True, db_default=""),
        ),
        migrations.AddField(
            model_name="agency",
            name="ancestry",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="agency",
            name="is_active",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name="agency",
            name="kind",
            field=models.TextField(
                choices=[
                    (
                        pirab.directory.types.AgencyKind["MINISTRY"],
                        pirab.directory.types.AgencyKind["MINISTRY"],
                    ),
                    (
                        pirab.directory.types.AgencyKind["DEPARTMENT"],
                        pirab.directory.types.AgencyKind["DEPARTMENT"],
                    ),
                    (
                        pirab.directory.types.AgencyKind["DIVISION"],
                        pirab.directory.types.AgencyKind["DIVISION"],
                    ),
                    (
                        pirab.directory.types.AgencyKind["SECTION"],
                        pirab.directory.types.AgencyKind["SECTION"],
                    ),
                    (
                        pirab.directory.types.AgencyKind["PROVINCE"],
                        pirab.directory.types.AgencyKind["PROVINCE"],
                    ),
                    (
                        pirab.directory.types.AgencyKind["LOCAL_AUTHORITY"],
                        pirab.directory.types.AgencyKind["LOCAL_AUTHORITY"],
                    ),
                    (
                        pirab.directory.types.AgencyKind["STATE_ENTERPRISE"],
                        pirab.directory.types.AgencyKind["STATE_ENTERPRISE"],
                    ),
                    (pirab.directory.types.AgencyKind["OTHER"], pirab.directory.types.AgencyKind["OTHER"]),
                ],
                db_default="other",
                default=pirab.directory.types.AgencyKind["OTHER"],
            ),
        ),
        migrations.AddField(
            model_name="agency",
            name="most_domains",
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name="agency",
            name="most_people",
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name="agency",
            name="most_storage_bytes",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="agency",
            name="position",
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="agency",
            name="version",
            field=models.IntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name="domain",
            name="alias_of",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="aliases",
                to="directory.domain",
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="sending",
            field=models.TextField(
                choices=[
                    (pirab.directory.types.Sending["AS"], pirab.directory.types.Sending["AS"]),
                    (pirab.directory.types.Sending["ON_BEHALF"], pirab.directory.types.Sending["ON_BEHALF"]),
                    (pirab.directory.types.Sending["NONE"], pirab.directory.types.Sending["NONE"]),
                ],
                db_default="as",
                default=pirab.directory.types.Sending["AS"],
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="since",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="membership",
            name="until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="address",
            name="account",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="addresses",
                to="directory.account",
            ),
        ),
        migrations.AddIndex(
            model_name="agency",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["ancestry"], name="directory_agency_ancestry"
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("since", None), ("until", None), ("since__lt", models.F("until")), _connector="OR"
                ),
                name="directory_membership_in_order",
            ),
        ),
        migrations.AddField(
            model_name="duty",
            name="agency",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="duties",
                to="directory.agency",
            ),
        ),
        migrations.AddField(
            model_name="duty",
            name="appointed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="duty",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="duties",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="group",
            name="agency",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="groups", to="directory.agency"
            ),
        ),
        migrations.AddField(
            model_name="group",
            name="unit",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="directory.agency",
            ),
        ),
        migrations.AddField(
            model_name="address",
            name="group",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="addresses",
                to="directory.group",
            ),
        ),
        migrations.AddConstraint(
            model_name="address",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_primary", True)),
                fields=("group",),
                name="directory_address_one_primary_of_group",
            ),
        ),
        migrations.AddConstraint(
            model_name="address",
            constraint=models.CheckConstraint(
                condition=models.Q(("account", None), ("group", None), _connector="XOR"),
                name="directory_address_reaches_one",
            ),
        ),
        migrations.AddField(
            model_name="groupmember",
            name="group",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="members", to="directory.group"
            ),
        ),
        migrations.AddField(
            model_name="groupmember",
            name="inner",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="outer_memberships",
                to="directory.group",
            ),
        ),
        migrations.AddField(
            model_name="groupmember",
            name="person",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="holding",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="holdings",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="post",
            name="agency",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="posts", to="directory.agency"
            ),
        ),
        migrations.AddField(
            model_name="holding",
            name="post",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="holdings", to="directory.post"
            ),
        ),
        migrations.AddField(
            model_name="groupmember",
            name="post",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="directory.post"
            ),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.UniqueConstraint(
                fields=("person", "agency", "kind"), name="directory_duty_once", nulls_distinct=False
            ),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(fields=["agency", "position"], name="directory_post_in_order"),
        ),
        migrations.AddConstraint(
            model_name="holding",
            constraint=models.UniqueConstraint(
                fields=("person", "post", "kind"), name="directory_holding_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="holding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("since", None), ("until", None), ("since__lte", models.F("until")), _connector="OR"
                ),
                name="directory_holding_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="groupmember",
            constraint=models.UniqueConstraint(
                fields=("group", "person", "post", "inner", "outside"),
                name="directory_groupmember_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="groupmember",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("inner", None), ("outside", None), ("person__isnull", False), ("post", None)),
                    models.Q(("inner", None), ("outside", None), ("person", None), ("post__isnull", False)),
                    models.Q(("inner__isnull", False), ("outside", None), ("person", None), ("post", None)),
                    models.Q(("inner", None), ("outside__isnull", False), ("person", None), ("post", None)),
                    _connector="OR",
                ),
                name="directory_groupmember_is_one",
            ),
        ),
        migrations.RunSQL(FILL_ANCESTRY, DROP_ANCESTRY),
        migrations.RunSQL(PRESENT_MEMBERSHIPS, "drop view directory_membership_now"),
    ]
