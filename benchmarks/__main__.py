"""`make bench [P1 P4 …]`: run every module `p*.py` here (or the named ones) and print one table. Exit status 1 on a missed bar."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from benchmarks.table import Row, shown


def main() -> int:
    """Measure and print."""
    wanted = [name.lower() for name in sys.argv[1:]]
    rows: list[Row] = []
    for path in sorted(Path(__file__).parent.glob("p[0-9]*.py")):
        if not wanted or path.stem.split("_")[0] in wanted:
            rows += importlib.import_module(f"benchmarks.{path.stem}").rows()
    print(shown(rows))
    return 1 if any(row.met is False for row in rows) else 0


if __name__ == "__main__":
    raise SystemExit(main())
