"""Who is asking: the person a password belongs to, with the accounts they may use."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.auth.hashers import check_password, make_password

from pirab.core import db
from pirab.directory.models import Person
from pirab.directory.queries.addresses import normal_form
from pirab.directory.types import AccountKind, Principal, Role


def authenticate_password(login: str, password: str) -> Principal | None:
    """The person whose password this is. Takes the same time whether or not the person exists."""
    normal = normal_form(login)
    person = Person.objects.filter(login=normal, is_active=True).first() if normal else None
    if person is None:
        make_password(password)  # pay for one hash, so that the clock does not tell who exists
        return None
    if not check_password(password, person.password):
        return None
    return principal(person.pk)


def principal(person_id: int) -> Principal | None:
    """The active person with this key and the accounts they may use; None when gone or disabled."""
    return _principal(db.rows(_PRINCIPAL, (person_id,)))


_PRINCIPAL: Final = """
    select p.id, p.login, p.name_th, m.account_id, m.role, a.kind
      from directory_person p
      left join (directory_membership_now m join directory_account a on a.id = m.account_id and a.is_active)
        on m.person_id = p.id
     where p.id = %s and p.is_active
     order by a.kind = 'personal' desc, m.account_id
"""


def _principal(found: list[tuple[Any, ...]]) -> Principal | None:
    """The person in the rows of the question above, a row for each of their accounts."""
    if not found:
        return None
    person_id, login, name = found[0][:3]
    roles = {account_id: Role(role) for _, _, _, account_id, role, _ in found if account_id is not None}
    personal = [row[3] for row in found if row[5] == AccountKind.PERSONAL and row[4] == Role.OWNER]
    primary = personal[0] if personal else next(iter(roles), None)
    shared = frozenset(row[3] for row in found if row[5] == AccountKind.SHARED)
    return Principal(person_id, login, name, roles, primary, shared=shared)
