"""Officials: who signs in, what their entry shows, and the posts they hold."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from pirab.directory.models.agencies import Agency
from pirab.directory.types import HoldingKind


class Person(AbstractBaseUser):
    """Somebody who signs in; `login` is their main address in normal form."""

    login = models.TextField(unique=True)
    name_th = models.TextField()
    name_en = models.TextField(blank=True)
    language = models.TextField(default="th")
    agency = models.ForeignKey(Agency, null=True, on_delete=models.PROTECT, related_name="people")
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name_th"]

    def __str__(self) -> str:
        return self.login


class Profile(models.Model):
    """What the directory entry of a person shows beside name and address.

    The agency decides on the official part (title, names, office telephone), the person on the rest (mobile, picture,
    expertise, about); `hidden` names the personal fields they do not want shown. A person without a row has an empty
    profile of version 0.
    """

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.CASCADE, related_name="profile")
    title = models.TextField(blank=True)  # คำนำหน้า: นาย, นางสาว, ดร.
    rank = models.TextField(blank=True)  # ยศ or ระดับ: พล.ต.อ., ชำนาญการพิเศษ
    given_th = models.TextField(blank=True)
    family_th = models.TextField(blank=True)
    given_en = models.TextField(blank=True)
    family_en = models.TextField(blank=True)
    office_phone = models.TextField(blank=True)
    extension = models.TextField(blank=True)
    mobile = models.TextField(blank=True)
    expertise = models.TextField(blank=True)
    about = models.TextField(blank=True)
    picture = models.BinaryField(null=True)  # digest of a blob
    hidden = ArrayField(models.TextField(), default=list)
    is_listed = models.BooleanField(default=True)  # the agency's choice: shown in the directory at all
    version = models.IntegerField(default=1)


class Post(models.Model):
    """A post of a unit (ผู้อำนวยการกองคลัง), whoever holds it at the moment."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="posts")
    title_th = models.TextField()
    title_en = models.TextField(blank=True)
    is_head = models.BooleanField(default=False)
    position = models.IntegerField(default=0)  # in the unit, lowest first
    version = models.IntegerField(default=1)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["agency", "position"], name="directory_post_in_order")]

    def __str__(self) -> str:
        return self.title_th


class Holding(models.Model):
    """A person in a post: their own, or acting for whoever should hold it (รักษาการ, ปฏิบัติหน้าที่แทน)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="holdings")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="holdings")
    kind = models.TextField(choices=[(kind, kind) for kind in HoldingKind], default=HoldingKind.SUBSTANTIVE)
    since = models.DateField(null=True)
    until = models.DateField(null=True)  # the last day

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "post", "kind"], name="directory_holding_once"),
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(since__lte=models.F("until")),
                name="directory_holding_in_order",
            ),
        ]
