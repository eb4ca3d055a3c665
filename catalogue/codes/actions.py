"""Loading code sets from the shipped files."""

from __future__ import annotations

import csv
from pathlib import Path

from catalogue.codes import queries
from catalogue.codes.models import CodeValue
from foundation.db import after_commit, transaction


def load_code_values(path: Path) -> int:
    """Bring the table to what the file says; repeating it changes nothing. Values that left the file are withdrawn."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with transaction() as writing:
        known = {(row.code_set, row.code): row for row in writing.query(CodeValue)}
        for position, row in enumerate(rows):
            value = known.pop((row["code_set"], row["code"]), None)
            if value is None:
                value = CodeValue(code_set=row["code_set"], code=row["code"])
                writing.add(value)
            value.name_zh, value.name_en, value.source = row["name_zh"], row["name_en"], row["source"]
            value.position, value.withdrawn = position, False
        for value in known.values():
            value.withdrawn = True
        after_commit(queries.forget)
    return len(rows)
