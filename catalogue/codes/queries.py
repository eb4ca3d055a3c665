"""Reading code sets. They change only with `flask reference load`, so a process reads each set once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from catalogue.codes.models import CodeValue
from foundation.db import session


@dataclass(frozen=True, slots=True)
class Code:
    """A value of a set, in both languages."""

    code: str
    name_zh: str
    name_en: str
    withdrawn: bool = False

    def name(self, language: str) -> str:
        """The name for a reader."""
        return self.name_zh if language == "zh" else self.name_en


_read: dict[str, dict[str, Code]] = {}


def code_set(name: str) -> Mapping[str, Code]:
    """A set by code, in its order; withdrawn values included."""
    if name not in _read:
        wanted = select(CodeValue).where(CodeValue.code_set == name).order_by(CodeValue.position)
        found = {row.code: Code(row.code, row.name_zh, row.name_en, row.withdrawn) for row in session().scalars(wanted)}
        if not found:
            return {}
        _read[name] = found
    return _read[name]


def code_name(name: str, code: str, language: str) -> str:
    """A value's name for a reader, or the code itself when it is not in the set."""
    found = code_set(name).get(code)
    return found.name(language) if found else code


def forget() -> None:
    """Read the sets anew: after loading, and between tests."""
    _read.clear()
