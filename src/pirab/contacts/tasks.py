"""Jobs of contacts."""

from __future__ import annotations

from pirab.contacts import cards, links
from pirab.core import jobs


@jobs.task(name=cards.RENEW_TASK, queue="contacts")
def renew_links(person_ids: list[int]) -> None:
    """Bring the cards that follow these people in step with the directory."""
    links.renew(person_ids)
