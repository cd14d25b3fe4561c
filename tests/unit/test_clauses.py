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
