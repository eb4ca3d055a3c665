"""Loading occupations, standards and regions from the shipped files."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from pypinyin import Style, lazy_pinyin
from sqlalchemy import insert, select

from catalogue.occupations import queries
from catalogue.occupations.models import Occupation, OccupationStandard, Region
from foundation.clock import new_id
from foundation.db import Base, after_commit, transaction

_PLACE = re.compile(r'  (\d{4}) county="(?:\[(\d*)-(\d*)\])?(.+)"')
_NO_PLACE = ("市辖区", "市区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", "省直辖县级行政单位", "直辖县级")


def load_occupations(path: Path) -> int:
    """Bring the occupations to what the file says; repeating it changes nothing.

    `former_codes` are codes of an older classification under which a standard of the same name was published. Five
    occupations have one: 网约配送员, 农业技术员, 增材制造设备操作员, 工业机器人系统运维员, 工业机器人系统操作员.
    """
    rows = {}
    for row in _read(path):
        rows[row["edition"], row["code"]] = {
            "edition": row["edition"],
            "code": row["code"],
            "name": row["name"],
            "minor_group": row["minor_group"],
            "work_types": _split(row["work_types"]),
            "former_codes": _split(row["former_codes"]),
            "name_pinyin": _pinyin(row["name"]),
            "confidence": row["confidence"],
        }
    _bring(Occupation, ("edition", "code"), rows, with_id=True)
    return len(rows)


def load_standards(path: Path) -> int:
    """Bring the standards to what the file says: each under the code it was published with, with the grades it offers.

    An occupation without a row here has an unknown standard. Repeating it changes nothing.
    """
    rows = {
        (row["occupation_code"], row["edition"], row["name"]): {
            "occupation_code": row["occupation_code"],
            "name": row["name"],
            "edition": row["edition"],
            "grades": _split(row["grades"]),
        }
        for row in _read(path)
    }
    _bring(OccupationStandard, ("occupation_code", "edition", "name"), rows, with_id=True)
    return len(rows)


def load_regions(path: Path) -> int:
    """Provinces from the file, cities and counties from python-stdnum's history of GB/T 2260 (`stdnum/cn/loc.dat`).

    That list carries the years a code was in use: a code whose last range has an end is withdrawn, and stays, because an
    identity number carries the code of its day. Repeating it changes nothing.
    """
    found = {row["code"]: (row["name"], False) for row in _read(path)}
    ends: dict[str, int] = {}
    province = ""
    for line in files("stdnum").joinpath("cn/loc.dat").read_text(encoding="utf-8").splitlines():
        if line[:2].isdigit():
            province = line[:2]
        matched = _PLACE.fullmatch(line)
        if matched is None:
            continue
        rest, _first, last, name = matched.groups()
        code, end = province + rest, int(last) if last else 9999
        if end >= ends.get(code, 0):  # a code used twice keeps its latest name
            ends[code] = end
            found[code] = (name, end != 9999)
    rows = {
        (code,): {"code": code, "name": name, "full_name": _full_name(code, found), "withdrawn": withdrawn}
        for code, (name, withdrawn) in found.items()
    }
    _bring(Region, ("code",), rows, with_id=False)
    return len(rows)


def _full_name(code: str, found: Mapping[str, tuple[str, bool]]) -> str:
    above = [key for key in (f"{code[:2]}0000", f"{code[:4]}00") if key != code and key in found]
    names = [found[key][0] for key in (*dict.fromkeys(above), code)]
    return "".join(dict.fromkeys(name for name in names[:-1] if name not in _NO_PLACE)) + names[-1]


def _bring(table: type[Base], keys: tuple[str, ...], rows: Mapping[Any, dict[str, Any]], *, with_id: bool) -> None:
    columns = [getattr(table, name) for name in next(iter(rows.values()))]
    with transaction() as writing:
        known = {
            tuple(stored[name] for name in keys): dict(stored)
            for stored in writing.execute(select(*columns)).mappings()
        }
        fresh = [row | ({"id": new_id()} if with_id else {}) for key, row in rows.items() if key not in known]
        if fresh:
            writing.execute(insert(table), fresh)
        for key, row in rows.items():
            if key in known and known[key] != row:
                same = [getattr(table, name) == row[name] for name in keys]
                for stored in writing.scalars(select(table).where(*same)):
                    for name, value in row.items():
                        setattr(stored, name, value)
        after_commit(queries.forget)


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _split(text: str) -> list[str]:
    return [part for part in text.split("|") if part]


def _pinyin(name: str) -> str:
    syllables = lazy_pinyin(name, style=Style.NORMAL, errors="ignore")
    return f"{''.join(syllables)} {''.join(syllable[:1] for syllable in syllables)}".strip()[:200]
