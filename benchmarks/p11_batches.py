"""P11: batches of certificates in chunks of 200 at three sizes, one core: time per certificate, and memory that stays flat.

Unsigned: the bar is for signed ones in two workers, so no verdict is given; signing adds its own time per file and no memory.
"""

from __future__ import annotations

import resource
import sys
import time

from benchmarks.p10_certificates import person
from benchmarks.table import Row
from foundation.print import designs

SIZES, CHUNK, LIMIT_MB = (2_500, 5_000, 10_000), 200, 400


def rows() -> list[Row]:
    """Each size once, after a chunk to warm up; the most memory this process ever held, the tools of the bench included."""
    found = designs.design("prize")
    sample = found.sample()
    stamped = {name: sample[name] for name in found.settings["stamped"]}
    constants = {name: value for name, value in sample.items() if name not in stamped} | {
        "sample": False,
        "with_photo": True,
    }
    _make(found, constants, stamped, CHUNK)
    spent, memory = [], []
    for size in SIZES:
        began = time.process_time()
        _make(found, constants, stamped, size)
        spent.append((time.process_time() - began) / size * 1000)
        memory.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 if sys.platform == "darwin" else 1024))
    each = " / ".join(f"{one:.2f}" for one in spent)
    held = " / ".join(f"{one:.0f}" for one in memory)
    return [
        Row("P11", "batches of 2,500 / 5,000 / 10,000, unsigned, one core", f"{each} ms each", f"{held} MB at most", "",
            f"linear, ≤ {LIMIT_MB} MB (signed)", None)
    ]  # fmt: skip


def _make(found: designs.Design, constants: dict[str, object], stamped: dict[str, str], size: int) -> None:
    for start in range(0, size, CHUNK):
        people = [person(stamped, n) for n in range(start, min(start + CHUNK, size))]
        for _pdf in designs.certificates(found, constants, people):
            pass
