"""Reading occupations, the grades their standards offer, and regions."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import case, or_, select

from catalogue.occupations.models import Occupation, OccupationStandard, Region
from catalogue.rules.seniority import GRADES
from foundation.db import session

EDITION = "2022"
"""The edition of the classification that new events refer to."""
_CODE = re.compile(r"\d-\d{2}-\d{2}-\d{2}")
_REGION = re.compile(r"\d{6}")
_NO_CHOICE = ("市辖区", "市区", "县")
_offered: dict[str, list[tuple[str, str]]] = {}


def occupation(edition: str, code: str) -> Occupation | None:
    """An occupation by edition and code, or None."""
    return (
        session()
        .scalars(select(Occupation).where(Occupation.edition == edition, Occupation.code == code))
        .one_or_none()
    )


def search_occupations(text: str, *, edition: str = EDITION, limit: int = 20) -> Sequence[Occupation]:
    """Occupations whose code, former code, name, work type or pinyin holds the text; exact ones first, then by code.

    A text such as `6-18-02-04 焊工`, as the picker writes it, is searched by its code.
    """
    text = text.strip()
    coded = _CODE.match(text)
    if coded:
        text = coded.group()
    if not text:
        return []
    everything = session().scalars(select(Occupation).where(Occupation.edition == edition).order_by(Occupation.code))
    found = [row for row in everything if _speaks_of(row, text)]
    found.sort(key=lambda row: (text not in (row.code, row.name), not row.name.startswith(text)))
    return found[:limit]


def _speaks_of(row: Occupation, text: str) -> bool:
    lowered = text.lower().replace(" ", "")
    whole, _, initials = row.name_pinyin.partition(" ")
    return (
        row.code.startswith(text)
        or text in row.former_codes
        or text in row.name
        or any(text in work_type for work_type in row.work_types)
        or (lowered.isascii() and lowered.isalpha() and (lowered in whole or initials.startswith(lowered)))
    )


def occupation_choices(edition: str = EDITION) -> list[tuple[str, str]]:
    """(code, name) of every occupation of an edition, for a picker. Read once a process."""
    if edition not in _offered:
        wanted = select(Occupation.code, Occupation.name).where(Occupation.edition == edition).order_by(Occupation.code)
        found = [(code, name) for code, name in session().execute(wanted)]
        if not found:
            return []
        _offered[edition] = found
    return _offered[edition]


def grades_offered(edition: str, code: str) -> tuple[str, ...] | None:
    """The grades that the national standards of an occupation offer, junior first; None when no standard is known.

    Standards stand under the code they were published with. Under the occupation's own code a standard counts unless it
    bears the name of another occupation (6-31-01-10 was 工业机器人系统运维员 and is 机电设备维修工 today); under a former code
    it counts when it bears this occupation's name. Of one name the latest edition counts; directions are joined.
    """
    row = occupation(edition, code)
    codes = {code, *(row.former_codes if row else ())}
    found = session().scalars(select(OccupationStandard).where(OccupationStandard.occupation_code.in_(codes))).all()
    names = {bare_name(standard.name) for standard in found}
    others = set(session().scalars(select(Occupation.name).where(Occupation.name.in_(names), Occupation.code != code)))
    latest: dict[str, OccupationStandard] = {}
    for standard in found:
        bare = bare_name(standard.name)
        mine = bare == row.name if row else True
        if not mine and (standard.occupation_code != code or bare in others):
            continue
        known = latest.get(standard.name)
        if known is None or known.edition < standard.edition:
            latest[standard.name] = standard
    if not latest:
        return None
    offered = {grade for standard in latest.values() for grade in standard.grades}
    return tuple(grade for grade in GRADES if grade in offered)


def bare_name(name: str) -> str:
    """A standard's name without its direction in brackets."""
    return re.sub(r"（.*?）", "", name).strip()


def region(code: str) -> Region | None:
    """A region by its six digits, withdrawn ones too, or None."""
    return session().get(Region, code)


def region_name(code: str) -> str:
    """The full name of a region, or the code itself when it is not known."""
    found = region(code)
    return found.full_name if found else code


def search_regions(text: str, *, limit: int = 20) -> Sequence[Region]:
    """Regions in use whose code begins with the text or whose full name holds it; provinces first, then cities.

    A text such as `320000 江苏省`, as the picker writes it, is searched by its code. A full code also finds a withdrawn one.
    """
    text = text.strip()
    coded = _REGION.match(text)
    if coded:
        found = region(coded.group())
        return [found] if found else []
    if not text:
        return []
    wanted = (
        select(Region)
        .where(
            Region.withdrawn.is_(False),
            Region.name.not_in(_NO_CHOICE),
            or_(Region.code.startswith(text, autoescape=True), Region.full_name.contains(text, autoescape=True)),
        )
        .order_by(
            case((or_(Region.name == text, Region.full_name == text), 0), else_=1),
            case((Region.code.endswith("0000"), 0), (Region.code.endswith("00"), 1), else_=2),
            Region.code,
        )
    )
    return session().scalars(wanted.limit(limit)).all()


def region_choices() -> list[tuple[str, str]]:
    """(code, full name) of the provinces and cities in use, for a picker. Read once a process."""
    if "regions" not in _offered:
        wanted = (
            select(Region.code, Region.full_name)
            .where(Region.withdrawn.is_(False), Region.code.endswith("00"), Region.name.not_in(_NO_CHOICE))
            .order_by(Region.code)
        )
        found = [(code, name) for code, name in session().execute(wanted)]
        if not found:
            return []
        _offered["regions"] = found
    return _offered["regions"]


def forget() -> None:
    """Read the pickers anew: after loading."""
    _offered.clear()
