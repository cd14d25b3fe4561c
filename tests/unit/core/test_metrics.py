"""Metrics: counted here, shown for every process that shares the directory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pirab.core import metrics

CHILD = """
from pirab.core import metrics
metrics.counter("test_letters", "Letters.", ["kind"]).labels("thai").inc({count})
print(metrics.exposition().decode())
"""


def test_this_process_counts_for_itself() -> None:
    metrics.counter("test_own", "Own.").inc(3)
    metrics.duration("test_wait", "Waiting.").observe(0.2)
    shown = metrics.exposition().decode()
    assert "pirab_test_own_total 3.0" in shown
    assert 'pirab_test_wait_seconds_bucket{le="0.25"} 1.0' in shown


@pytest.mark.parametrize("counts", [(2, 5)])
def test_processes_that_share_a_directory_are_added_up(tmp_path: Path, counts: tuple[int, ...]) -> None:
    shown = ""
    for count in counts:
        shown = subprocess.run(
            [sys.executable, "-c", CHILD.format(count=count)],
            env={"PROMETHEUS_MULTIPROC_DIR": str(tmp_path), "PYTHONPATH": "src"},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
    assert f'pirab_test_letters_total{{kind="thai"}} {float(sum(counts))}' in shown
