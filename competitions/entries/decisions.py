"""Names of a decision as people send them: a workbook with heads, or lines of text."""

from __future__ import annotations

from dataclasses import dataclass

from competitions.entries.member_facts import plain_name
from competitions.entries.roster.columns import plain_head
from foundation.refusal import Refusal
from foundation.spreadsheets.reading import read_workbook

_HEADS = {
    "name": ("姓名", "获奖选手", "选手姓名", "name"),
    "unit": ("单位", "工作单位", "所在单位", "学校", "unit"),
    "event": ("赛项", "参赛工种", "竞赛项目", "职业工种", "event"),
    "rank": ("名次", "获奖名次", "排名", "rank"),
    "prize": ("奖项", "获奖等级", "奖次", "prize"),
}
MOST = 5000


@dataclass(frozen=True, slots=True)
class ListedName:
    """One name with what stands beside it."""

    name: str
    unit: str = ""
    event: str = ""
    rank: int | None = None
    prize: str = ""


def names_of_text(text: str) -> list[ListedName]:
    """One person a line: name, then unit, divided by blanks, tabs or commas. A name of two characters may be spaced (张　伟)."""
    found = []
    for line in text.splitlines():
        name, _sign, unit = line.replace("，", "\t").replace(",", "\t").strip().partition("\t")
        if not _sign:
            parts = line.split()
            name, unit = (parts[0], " ".join(parts[1:])) if parts else ("", "")
            if len(parts) > 1 and len(parts[0]) == 1 and len(parts[1]) == 1:
                name, unit = parts[0] + parts[1], " ".join(parts[2:])
        if plain_name(name):
            found.append(ListedName(plain_name(name)[:60], unit.strip()[:200]))
    return _checked(found)


def names_of_workbook(data: bytes) -> list[ListedName]:
    """The rows below the first row with a head for the name. Raises Refusal decision_no_names and those of `read_workbook`."""
    for sheet in read_workbook(data):
        for number, row in enumerate(sheet.rows[:20]):
            at = {
                field: index
                for index, cell in enumerate(row)
                for field, heads in _HEADS.items()
                if cell.value is not None and plain_head(cell.text) in heads
            }
            if "name" not in at:
                continue
            found = []
            for cells in sheet.rows[number + 1 :]:
                text = {field: cells[index].text for field, index in at.items()}
                if plain_name(text["name"]):
                    rank = "".join(sign for sign in text.get("rank", "") if sign.isdigit())
                    found.append(
                        ListedName(
                            plain_name(text["name"])[:60], text.get("unit", "")[:200], text.get("event", "")[:80],
                            int(rank[:4]) if rank else None, text.get("prize", "")[:40],
                        )
                    )  # fmt: skip
            return _checked(found)
    raise Refusal("decision_no_names", field="file")


def _checked(found: list[ListedName]) -> list[ListedName]:
    if not found:
        raise Refusal("decision_no_names", field="file")
    if len(found) > MOST:
        raise Refusal("decision_too_many", field="file", most=MOST)
    return found
