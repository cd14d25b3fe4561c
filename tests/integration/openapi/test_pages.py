"""Health, metrics, the API's description and its page."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import django.db
import pytest
from django.conf import settings
from django.test import Client


def test_a_live_process_says_so_without_the_database() -> None:
    assert Client().get("/healthz").json() == {"status": "alive"}


def test_a_ready_process_says_so(db: None) -> None:
    assert Client().get("/readyz").json() == {"status": "ready"}


def test_a_lost_database_is_not_ready(db: None) -> None:
    with patch("pirab.core.db.scalar", side_effect=django.db.OperationalError("secret DSN")):
        response = Client().get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"status": "not ready", "faults": {"database": "OperationalError"}}


def test_a_missing_blob_directory_is_not_ready(
    db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import dataclasses

    changed = dataclasses.replace(settings.ENVIRONMENT, home=tmp_path)
    monkeypatch.setattr(settings, "ENVIRONMENT", changed)
    response = Client().get("/readyz")
    assert (response.status_code, response.json()["faults"]) == (503, {"blobs": "the directory is missing"})


def test_metrics_are_in_the_prometheus_format() -> None:
    response = Client().get("/metrics")
    assert response["Content-Type"].startswith("text/plain; version=0.0.4")
    assert b"pirab_jmap_call_seconds" in response.content


def test_the_description_lists_the_session() -> None:
    description = Client().get("/api/v1/openapi.json").json()
    assert description["paths"]["/api/v1/session"].keys() == {"post", "get", "delete"}


def test_the_page_loads_nothing_from_anywhere() -> None:
    response = Client().get("/api/v1/docs")
    assert response.status_code == 200
    page = response.content.decode()
    assert "Sign in" in page
    for loader in ("<script", "<style", "style=", "<img", "src=", "http:", "https:", "//", "url("):
        assert loader not in page
    assert page.count("<link") == page.count("<link rel=stylesheet href=docs.css>") == 1
    assert Client().get("/api/v1/docs.css")["Content-Type"] == "text/css; charset=utf-8"


@pytest.mark.parametrize(
    "path", ["/nothing", "/jmap/upload/", "/api/v1/nothing", "/jmap/download/a1/b", "/%00"]
)
def test_a_path_that_leads_nowhere_is_a_problem(db: None, path: str) -> None:
    response = Client().get(path)
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


def test_a_defect_is_a_problem_and_says_nothing_of_itself(db: None) -> None:
    client = Client(raise_request_exception=False)
    with patch("pirab.jmap.views.signed_in", side_effect=RuntimeError("secret")):
        response = client.get("/.well-known/jmap")
    assert response.status_code == 500
    assert response["Content-Type"] == "application/problem+json"
    assert b"secret" not in response.content
