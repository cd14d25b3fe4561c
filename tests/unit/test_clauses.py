"""Every clause cited in the code belongs to a document of the index."""

from __future__ import annotations

import re

from tests.conftest import REPOSITORY

CITED = re.compile(r"\brfc(\d+)#", re.IGNORECASE)


def test_cited_documents_are_in_the_index() -> None:
    lines = (REPOSITORY / "docs" / "rfc" / "index.tsv").read_text(encoding="utf-8").splitlines()[1:]
    known = {line.split("\t")[0] for line in lines}
    cited = {
        f"rfc{number}"
        for folder in ("src", "engines", "tests")
        for path in (REPOSITORY / folder).rglob("*.py")
        for number in CITED.findall(path.read_text(encoding="utf-8"))
    }
    assert cited - known == set()
    assert len(known) == len(lines)


def test_demands_of_jmap_are_held_by_tests_that_are_there() -> None:
    """`docs/rfc/jmap-clauses.tsv`: which test holds what the RFCs demand, section by section."""
    folder = REPOSITORY / "docs" / "rfc"
    documents = {line.split("\t")[0] for line in (folder / "index.tsv").read_text("utf-8").splitlines()}
    lines = (folder / "jmap-clauses.tsv").read_text("utf-8").splitlines()[1:]
    rows = [line.split("\t") for line in lines]
    assert [row for row in rows if len(row) != 3 or not all(row)] == []
    assert [clause for clause, _, _ in rows if clause.partition("#")[0] not in documents] == []
    assert [test for _, _, test in rows if not (REPOSITORY / test).is_file()] == []
