"""The table of questions: whom each must find first, whom else, and nobody where there is nobody."""

import csv
from pathlib import Path

from pirab.directory.finding.searching import search
from tests.integration.finding.government import Government

TABLE = Path(__file__).with_name("queries.tsv")


def rows() -> list[tuple[str, str, set[str], str]]:
    with TABLE.open(encoding="utf-8") as file:
        return [
            (row["asked"], row["first"], set(row["others"].split()), row["why"])
            for row in csv.DictReader(file, delimiter="\t")
        ]


def test_every_question_finds_whom_it_means(government: Government) -> None:
    wrong = []
    asker = government.asker("somsak")
    for asked, first, others, why in rows():
        found = government.names([card.person_id for card in search(asker, asked).cards])
        if found[:1] != ([first] if first else []) or not others <= set(found):
            wrong.append(f"{asked} ({why}): {found}, not {first} {sorted(others)}")
    assert not wrong, f"{len(wrong)} of {len(rows())}:\n" + "\n".join(wrong)


def test_table_has_what_was_promised() -> None:
    assert len(rows()) >= 60
    assert len({asked for asked, *_ in rows()}) == len(rows())
