"""What the clock runs."""

from __future__ import annotations

from pirab.blob import gc
from pirab.core import jobs, log

_log = log.get_logger(__name__)


@jobs.periodic(cron="17 19 * * *")  # 02:17 in Bangkok
@jobs.task(name="blob.collect", lock="blob.collect", pass_context=False)
def collect(timestamp: int) -> None:
    """Remove what nobody refers to. `timestamp` is the tick that asked for it (seconds since 1970)."""
    collected = gc.collect()
    _log.info(
        "blobs collected",
        tick=timestamp,
        rows=collected.rows,
        objects=collected.objects,
        octets=collected.octets,
    )
