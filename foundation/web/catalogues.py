"""The translation catalogues: one `.po` a room in `translations/zh/`, merged into one compiled catalogue.

msgids are English, so English needs no catalogue. Rooms have files of their own so that two people can translate at once.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "translations" / "zh"
COMPILED = SOURCES / "LC_MESSAGES" / "messages.mo"
KEYWORDS = {"N_": None, "_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "_l": None}
_FOLDERS = ("foundation", "catalogue", "accounts", "competitions", "certification", "templates", "demo")


def source_catalogues() -> Iterator[tuple[Path, Catalog]]:
    """Each room's catalogue."""
    for path in sorted(SOURCES.glob("*.po")):
        with path.open("rb") as file:
            yield path, read_po(file, locale="zh")


def merged() -> Catalog:
    """All rooms' translations in one catalogue; where two rooms differ the first holds, and `problems` says so."""
    whole = Catalog(locale="zh", fuzzy=False)
    for _path, catalogue in source_catalogues():
        for message in catalogue:
            if not message.id:
                continue
            before = whole.get(message.id, message.context)
            if before is None:
                whole.add(message.id, message.string, flags=message.flags, context=message.context)
    return whole


def compile_if_stale() -> None:
    """Write the compiled catalogue when a source is newer; two processes may do it at once."""
    newest = max((path.stat().st_mtime for path in SOURCES.glob("*.po")), default=0.0)
    if COMPILED.exists() and COMPILED.stat().st_mtime >= newest:
        return
    target = io.BytesIO()
    write_mo(target, merged())
    COMPILED.parent.mkdir(parents=True, exist_ok=True)
    part = COMPILED.with_suffix(f".{id(target)}.part")
    part.write_bytes(target.getvalue())
    part.replace(COMPILED)


def used_messages() -> dict[str | tuple[str, ...], str]:
    """Every msgid that code and templates use, and one place where."""
    used: dict[str | tuple[str, ...], str] = {}
    for folder in _FOLDERS:
        if not (ROOT / folder).is_dir():
            continue
        found = extract_from_dir(
            ROOT / folder,
            [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")],
            keywords=KEYWORDS,
            options_map={"**.html": {"trimmed": "true", "silent": "false"}},
        )
        for name, line, message, _comments, _context in found:
            key = tuple(part for part in message if part) if isinstance(message, tuple) else message
            used.setdefault(key, f"{folder}/{name}:{line}")
    return used


def disagreements() -> list[str]:
    """msgids that two rooms translate differently: one of them needs other English words."""
    first: dict[str, tuple[str, object]] = {}
    found = []
    for path, catalogue in source_catalogues():
        for message in catalogue:
            if not message.id:
                continue
            place, string = first.setdefault(str(message.id), (path.name, message.string))
            if string != message.string:
                found.append(f"{place} and {path.name} differ on {message.id!r}: {string!r}, {message.string!r}")
    return found


def problems() -> list[str]:
    """What is missing, empty, fuzzy, unused or inconsistent in the Chinese catalogue; empty when all is well."""
    whole, used, found = merged(), used_messages(), disagreements()
    for message_id, place in sorted(used.items(), key=lambda pair: pair[1]):
        translated = whole.get(message_id)
        text = translated.string if translated else None
        if not text or (isinstance(text, tuple) and not all(text)):
            found.append(f"{place}: not translated: {message_id!r}")
        elif translated is not None and translated.fuzzy:
            found.append(f"{place}: fuzzy: {message_id!r}")
        elif translated is not None and (errors := [str(e) for e in translated.check(whole)]):
            found.append(f"{place}: {errors[0]}: {message_id!r}")
    known = {tuple(m.id) if isinstance(m.id, (list, tuple)) else m.id for m in whole if m.id}
    found += [f"translations/zh: nobody uses {message!r}" for message in sorted(known - set(used), key=str)]
    return found
