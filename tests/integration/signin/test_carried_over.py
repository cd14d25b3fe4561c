"""Who was signed in before sessions became sign-in's own stays so."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

from django.apps import apps
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session as OldSession

from pirab.core import clock
from pirab.signin import sessions
from pirab.signin.models import Session
from tests.conftest import Member


def test_old_sessions_open_the_door_and_odd_ones_do_not(member: Member) -> None:
    kept = SessionStore()
    kept["person"] = member.person_id
    kept.create()
    for person in (None, "x", 10**9):
        odd = SessionStore()
        odd["person"] = person
        odd.create()
    over = SessionStore()
    over["person"] = member.person_id
    over.create()
    OldSession.objects.filter(pk=over.session_key).update(expire_date=clock.now() - timedelta(days=1))
    import_module("pirab.signin.migrations.0003_sessions_tokens_factors")._keep_sessions(apps, None)
    assert Session.objects.count() == 1
    found = sessions.find(str(kept.session_key))
    assert found is not None
    assert (found.person_id, found.strong_at) == (member.person_id, None)
