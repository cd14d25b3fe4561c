"""`python -m django worker`: runs jobs until it is told to stop.

TERM lets running jobs end (`PROCRASTINATE_WORKER_DEFAULTS` says for how long); what is cut off is taken up again by
another worker once this one's heartbeat is missed.
"""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, call_command

from pirab.core import log


class Command(BaseCommand):
    """Run jobs until told to stop."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        log.configure("worker", settings.ENVIRONMENT.log_level)
        for name in ("procrastinate", "httpx"):
            # Lines about every job and request that went well would hide those about the few that did not.
            logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLogger().level))
        call_command("procrastinate", "worker")
