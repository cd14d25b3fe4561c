"""Addresses that stand for several people."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from pirab.directory.models.agencies import Agency
from pirab.directory.models.people import Person, Post
from pirab.directory.types import GroupKind, PostingPolicy


class Group(models.Model):
    """People under one address: those listed, whoever holds its posts, or everybody of a unit and below it."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="groups")
    kind = models.TextField(choices=[(kind, kind) for kind in GroupKind], default=GroupKind.PEOPLE)
    posting = models.TextField(
        choices=[(policy, policy) for policy in PostingPolicy], default=PostingPolicy.MEMBERS
    )
    name_th = models.TextField()
    name_en = models.TextField(blank=True)
    unit = models.ForeignKey(
        Agency, null=True, on_delete=models.PROTECT, related_name="+"
    )  # whose people, of kind unit
    is_active = models.BooleanField(default=True)
    version = models.IntegerField(default=1)

    def __str__(self) -> str:
        return self.name_th


class GroupMember(models.Model):
    """One member of a group: a person, a post, another group, or an address outside; `manages` moderates and lists."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, null=True, on_delete=models.CASCADE, related_name="+")
    inner = models.ForeignKey(Group, null=True, on_delete=models.CASCADE, related_name="outer_memberships")
    outside = models.TextField(null=True)
    receives = models.BooleanField(default=True)
    manages = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["group", "person", "post", "inner", "outside"],
                name="directory_groupmember_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=(
                    Q(person__isnull=False, post=None, inner=None, outside=None)
                    | Q(person=None, post__isnull=False, inner=None, outside=None)
                    | Q(person=None, post=None, inner__isnull=False, outside=None)
                    | Q(person=None, post=None, inner=None, outside__isnull=False)
                ),
                name="directory_groupmember_is_one",
            ),
        ]
