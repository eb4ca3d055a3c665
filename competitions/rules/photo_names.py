"""Whose photo a file is, told by its name: an identity number, a pass number, a registration number, or a name with a unit.

Offices send ZIP archives of photos named as their own systems name them (身份证号.jpg, 姓名-单位.jpg, 参赛证号.jpg, 单位/姓名.jpg).
A name that fits two people fits nobody: a person decides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

_IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])")
_WORDS = re.compile(r"[^\w·]+|_")
ENDINGS = (".jpg", ".jpeg", ".png", ".webp")


@dataclass(frozen=True, slots=True)
class Sitter:
    """Somebody a photo may be of: a person with a name, a unit, and the numbers of the entry (registration, pass)."""

    person_id: UUID
    name: str
    unit: str
    number: int
    pass_number: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """The person a file is of and how that was told, or the code of the reason why nobody was found."""

    person_id: UUID | None
    how: str = ""
    why: str = ""


def match_photo(path: str, sitters: Sequence[Sitter], owner_of: Callable[[str], UUID | None]) -> Match:
    """Whose photo `path` is. `owner_of` answers whose a resident identity number is, among the sitters alone."""
    whole = unicodedata.normalize("NFKC", path)
    if not whole.lower().endswith(ENDINGS):
        return Match(None, why="photo_no_picture")
    stem = whole.rpartition("/")[2].rpartition(".")[0]
    identity = _IDENTITY.search(stem)
    if identity is not None:
        owner = owner_of(identity[0].upper())
        return Match(owner, "identity") if owner else Match(None, why="photo_number_unknown")
    words = [word for word in _WORDS.split(stem) if word]
    folded = {word.casefold() for word in words}
    by_pass = {one.person_id for one in sitters if one.pass_number and one.pass_number.casefold() in folded}
    if by_pass:
        return _one(by_pass, "pass")
    named = _named(stem, words, sitters)
    if named:
        place = "".join(whole.split())
        at_unit = [one for one in named if one.unit and "".join(one.unit.split()) in place]
        found = at_unit or named
        numbers = {int(word) for word in words if word.isdigit() and len(word) <= 6}
        numbered = [one for one in found if one.number in numbers]
        return _one({one.person_id for one in numbered or found}, "name_unit" if at_unit else "name")
    if words and words[0].isdigit() and len(words[0]) <= 6:
        by_number = {one.person_id for one in sitters if one.number == int(words[0])}
        # A file that names somebody else beside the number is nobody's.
        if by_number and len(words) == 1:
            return _one(by_number, "number")
    return Match(None, why="photo_nobody")


def _named(stem: str, words: Iterable[str], sitters: Sequence[Sitter]) -> list[Sitter]:
    """Those whose name is a word of the file's name, else whose name stands in it; of these the longest names."""
    exact = set(words)
    found = [one for one in sitters if one.name in exact]
    if found:
        return found
    plain = "".join(stem.split())
    inside = [one for one in sitters if len(one.name) > 1 and "".join(one.name.split()) in plain]
    longest = max((len(one.name) for one in inside), default=0)
    return [one for one in inside if len(one.name) == longest]


def _one(found: set[UUID], how: str) -> Match:
    return Match(next(iter(found)), how) if len(found) == 1 else Match(None, why="photo_several")


def masked_path(path: str) -> str:
    """A file's name for a page: of an identity number only the last four characters."""
    return _IDENTITY.sub(lambda found: "*" * 14 + found[0][-4:], path)


def safe_name(*parts: str) -> str:
    """A file name of parts: no signs that systems refuse, never an identity number."""
    text = "-".join(part.strip() for part in parts if part.strip())
    return _IDENTITY.sub("", re.sub(r'[\\/:*?"<>|\x00-\x1f]+', "_", text)).strip(" .")[:100] or "_"
