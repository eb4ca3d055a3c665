"""What a new version of a marking scheme changes, noun by noun, in words a person can check before it replaces the old one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from competitions.rules.scheme import SchemeDraft, mark_text


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `what` is a code (added, removed, changed), `code` names the object, `part` what of it changed."""

    what: str
    noun: str
    code: str
    part: str = ""
    before: str = ""
    after: str = ""


def changes(old: SchemeDraft, new: SchemeDraft) -> list[Change]:
    """Everything that differs between two schemes, sections and criteria first; objects are matched by their code."""
    found = []
    if old.title != new.title:
        found.append(Change("changed", "scheme", "", "title", old.title, new.title))
    before, after = _objects(old), _objects(new)
    for key, parts in after.items():
        if key not in before:
            found.append(Change("added", *key, "", "", parts.get("mark") or parts["name"]))
        else:
            was = before[key]
            found += [
                Change("changed", *key, part, was[part], value) for part, value in parts.items() if was[part] != value
            ]
    found += [
        Change("removed", *key, "", parts.get("mark") or parts["name"], "")
        for key, parts in before.items()
        if key not in after
    ]
    return found


def _objects(draft: SchemeDraft) -> dict[tuple[str, str], Mapping[str, str]]:
    return dict(_each(draft))


def _each(draft: SchemeDraft) -> Iterator[tuple[tuple[str, str], Mapping[str, str]]]:
    for section in draft.sections:
        declared = "" if section.declared is None else mark_text(section.declared)
        yield ("section", section.code), {"mark": declared, "name": section.name}
    for criterion in draft.criteria:
        yield (
            ("criterion", criterion.code),
            {"mark": mark_text(criterion.total), "name": _both(criterion.name_zh, criterion.name_en)},
        )
        for sub in criterion.sub_criteria:
            yield (
                ("sub", sub.code),
                {
                    "mark": "",
                    "name": _both(sub.name_zh, sub.name_en),
                    "day": str(sub.day or ""),
                    "parent": criterion.code,
                },
            )
            for aspect in sub.aspects:
                yield (
                    ("aspect", aspect.code),
                    {
                        "mark": "" if aspect.max_mark is None else mark_text(aspect.max_mark),
                        "name": _both(aspect.name_zh, aspect.name_en),
                        "method": aspect.method,
                        "options": options_text(aspect.options),
                        "guidance": aspect.guidance,
                        "descriptors": " / ".join(aspect.descriptors),
                        "section": aspect.section,
                        "parent": sub.code,
                    },
                )


def _both(name_zh: str, name_en: str) -> str:
    return f"{name_zh} / {name_en}" if name_en else name_zh


def options_text(options: Mapping[str, Any]) -> str:
    """Options as one line, in fixed order."""
    parts = []
    for name in sorted(options):
        value = options[name]
        if isinstance(value, list):
            value = "；".join(_line_text(line) for line in value)
        parts.append(f"{name}={value}")
    return "，".join(parts)


def _line_text(line: Mapping[str, Any]) -> str:
    """One line of a list option: its bounds or its text, and what is lost."""
    head = "–".join(str(value) for name, value in line.items() if name != "deduction")
    return f"{head}（−{line.get('deduction', '')}%）"
