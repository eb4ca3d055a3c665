"""A roster's rows as facts, with everything that is wrong in them: each error has its cell and a sentence. Stores nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from accounts.people.identity import identity_index, plain_phone
from catalogue.rules.identity_numbers import checked_identity
from catalogue.rules.seniority import GRADES
from competitions.entries.member_facts import MemberFacts, checked_name, plain_name
from competitions.entries.roster.answers import PREFIX, Asked
from competitions.entries.roster.columns import Layout
from competitions.rules.registration_fields import Subject
from foundation.refusal import Refusal
from foundation.spreadsheets.reading import Cell, Sheet

_DATE = re.compile(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*[-/.月]?\s*(\d{1,2})\s*日?")
_WORD = {"企业": "worker", "机关": "worker", "社会": "other", "军队": "other", "在校生": "student", "学校在校生": "student", "学校": "student",
         "职工组": "worker", "学生组": "student", "教师组": "teacher"}  # fmt: skip
_SCHOOLING = {"大学专科和专科学校": "30", "大专": "30", "专科": "30", "本科": "20", "中专": "40", "技校": "47", "高中": "60", "初中": "70",
              "硕士": "14", "博士": "11", "文盲或半文盲": "90"}  # fmt: skip
_GRADE_WORDS = {"初级工": "L5", "中级工": "L4", "高级工": "L3", "技师": "L2", "高级技师": "L1", "五级": "L5", "四级": "L4", "三级": "L3", "二级": "L2", "一级": "L1"}  # fmt: skip
_NONE = ("", "无", "没有", "none", "-", "—", "/")


@dataclass(frozen=True, slots=True)
class EventPlace:
    """An event as a roster may name it: code, names; its divisions by every name they have."""

    id: UUID
    names: frozenset[str]
    team_size: int
    divisions: Mapping[str, UUID]
    occupation_name: str
    kinds: Mapping[UUID, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who is entered already, in the reader's own scope: told by number, or by name and unit."""

    entry_number: int
    event_id: UUID
    name: str
    unit: str
    index: str = ""
    division_id: UUID | None = None
    identity_class: str = ""
    member_id: UUID | None = None
    entry_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a row is compared with: events, code sets (name → code), who is entered already, which bodies it may name, what is asked."""

    events: Sequence[EventPlace]
    codes: Mapping[str, Mapping[str, str]]
    known: Sequence[Known] = ()
    event_id: UUID | None = None
    delegation: str | None = None  # the only one its sender may import into; None: any
    asked: Asked = field(default_factory=Asked)


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that is wrong: the column (index from 0, None for the row) and a sentence with facts."""

    column: int | None
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Row:
    """One row: whom it enters where, or what is wrong with it, or which entry it is already."""

    number: int
    facts: MemberFacts
    event: EventPlace | None = None
    division_id: UUID | None = None
    delegation: str = ""
    team: str = ""
    index: str = ""
    wrong: list[Wrong] = field(default_factory=list)
    known: int | None = None
    same: Known | None = None
    answers: dict[UUID, tuple[str, str]] = field(default_factory=dict)
    """Field → (member | entry, answer) of what is new or differs from what is stored."""
    waits: bool = False
    """No place is left for it: it goes into the waiting list."""

    @property
    def state(self) -> str:
        """new, known or wrong."""
        return "wrong" if self.wrong else "new" if self.known is None else "known"


def read_rows(sheet: Sheet, layout: Layout, around: Surroundings) -> list[Row]:
    """Every row below the heads, checked by itself and against the others. Empty rows are passed over."""
    reader = _Reader(layout, around)
    rows = [
        reader.row(cells) for cells in sheet.rows[layout.head + 1 :] if any(cell.value is not None for cell in cells)
    ]
    _mark_repeated(rows, reader)
    _mark_teams(rows)
    return rows


def entries_of(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """The rows that make one entry: a person, or the members of a team in their order. Only rows that may be entered."""
    teams: dict[tuple[UUID, str], list[Row]] = {}
    for row in rows:
        if row.event is None or row.state != "new":
            continue
        if row.event.team_size == 1:
            yield [row]
        else:
            teams.setdefault((row.event.id, row.team), []).append(row)
    yield from (team for team in teams.values() if team[0].event and len(team) == team[0].event.team_size)


class _Reader:
    def __init__(self, layout: Layout, around: Surroundings) -> None:
        self.at = {name: column for column, name in layout.columns.items()}
        self.layout, self.around = layout, around
        self.events = {name: event for event in around.events for name in event.names}
        self.fixed = next((event for event in around.events if event.id == around.event_id), None)
        if self.fixed is None and len(around.events) == 1:
            self.fixed = around.events[0]
        self.by_index = {(one.event_id, one.index): one for one in around.known if one.index}
        self.by_name = {(one.event_id, one.name, one.unit): one for one in around.known}
        self.by_number = {(one.entry_number, one.name): one for one in around.known}

    def row(self, cells: Sequence[Cell]) -> Row:
        """One row with everything that is wrong in it."""
        wrong: list[Wrong] = []
        text = {}
        for name, column in self.at.items():
            cell = cells[column]
            text[name] = "" if cell.value is None else cell.text
            if cell.formula:
                wrong.append(Wrong(column, "roster_formula"))
                text[name] = ""
        made = Row(cells[0].row, self._facts(text, cells, wrong), wrong=wrong)
        if not self._seen_before(made, text):
            self._place(made, text)
            self._find_known(made)
        self._answers(made, text)
        return made

    def _answers(self, row: Row, text: Mapping[str, str]) -> None:
        asked = self.around.asked
        known = row.same
        event = row.event or next((one for one in self.around.events if known and one.id == known.event_id), None)
        if event is None:
            return
        division = row.division_id or (known.division_id if known else None)
        kind = event.kinds.get(division, "") if division else ""
        member = Subject(event.id, kind, known.identity_class if known else row.facts.identity_class)
        subjects = {"member": member, "entry": Subject(event.id, kind, "", "entry")}
        ids = {"member": known.member_id, "entry": known.entry_id} if known else {"member": None, "entry": None}
        for one in asked.fields:
            name, about = PREFIX + one.rule.key, one.rule.about
            if name not in self.at or about not in subjects:
                continue
            try:
                value = asked.answer(one, text.get(name, ""), subjects[about])
                if asked.differing(one, value, ids[about]):
                    row.answers[one.id] = (about, value)
            except Refusal as refusal:
                self._say(row.wrong, name, refusal.code, **refusal.facts)

    def _say(self, wrong: list[Wrong], name: str, code: str, **facts: Any) -> None:
        wrong.append(Wrong(self.at.get(name), code, facts))

    def _try(self, wrong: list[Wrong], name: str, act: Callable[[], Any], default: Any) -> Any:
        try:
            return act()
        except Refusal as refusal:
            self._say(wrong, name, refusal.code, **refusal.facts)
            return default

    def _code(
        self, wrong: list[Wrong], text: Mapping[str, str], name: str, own: Mapping[str, str] | None = None
    ) -> str:
        given = text.get(name, "")
        if given in _NONE:
            return ""
        plain = "".join(given.replace("（", "").replace("）", "").split())
        found = self.around.codes[name].get(plain.lower()) or (own or {}).get(plain)
        if found is None:
            self._say(wrong, name, "roster_value_unknown", given=given[:30])
        return found or ""

    def _facts(self, text: Mapping[str, str], cells: Sequence[Cell], wrong: list[Wrong]) -> MemberFacts:
        name = self._try(
            wrong, "name_zh", lambda: checked_name(text.get("name_zh", "")), plain_name(text.get("name_zh", ""))[:60]
        )
        kind = self._code(wrong, text, "document_kind") or "resident_identity_card"
        number = text.get("identity_number", "")
        born = self._birth(wrong, text, cells)
        sex = self._code(wrong, text, "sex")
        if number and "*" not in number:
            said = self._try(wrong, "identity_number", lambda: checked_identity(kind, number), None)
            if said is not None:
                number = said.number
                if said.birth_date and born and said.birth_date != born:
                    self._say(wrong, "birth_date", "birth_date_disagrees")
                if said.sex and sex in ("1", "2") and said.sex != sex:
                    self._say(wrong, "sex", "sex_disagrees")
                born, sex = said.birth_date or born, said.sex or sex
        phone = text.get("phone", "")
        if phone and "*" not in phone:
            phone = plain_phone(phone)
            if len(phone) != 11 or not phone.startswith("1"):
                self._say(wrong, "phone", "phone_form")
        years = text.get("years_in_trade", "").removesuffix("年")
        if years and not (years.isdigit() and int(years) <= 70):
            self._say(wrong, "years_in_trade", "years_wrong")
            years = ""
        held = self._code(wrong, text, "held_grade", _GRADE_WORDS)
        return MemberFacts(
            name_zh=name, document_kind=kind, document_number=number, sex=sex, birth_date=born, phone=phone,
            ethnic_group=self._code(wrong, text, "ethnic_group"), education=self._code(wrong, text, "education", _SCHOOLING),
            address=text.get("address", "")[:200], unit_name=(text.get("unit_name") or self.layout.unit)[:200],
            post=text.get("post", "")[:80], years_in_trade=int(years) if years else None,
            identity_class=self._code(wrong, text, "identity_class", _WORD) or "worker",
            held_grade=held if held in GRADES else "", held_occupation_name=text.get("held_occupation_name", "")[:100],
            held_number=text.get("held_number", "")[:60],
        )  # fmt: skip

    def _birth(self, wrong: list[Wrong], text: Mapping[str, str], cells: Sequence[Cell]) -> date | None:
        if not text.get("birth_date"):
            return None
        value = cells[self.at["birth_date"]].value
        if isinstance(value, datetime):
            return value.date()
        given = text["birth_date"]
        if re.fullmatch(r"\d{4}\s*[-/.年]\s*\d{1,2}\s*月?", given):
            return None  # 出生年月 without a day says nothing false: the number has the day
        found = _DATE.fullmatch(given)
        try:
            if found is not None:
                return date(*(int(part) for part in found.groups()))
        except ValueError:
            pass
        self._say(wrong, "birth_date", "roster_date_wrong", given=given[:20])
        return None

    def _seen_before(self, row: Row, text: Mapping[str, str]) -> bool:
        """Our own export comes back: the number of the entry and the name of its member."""
        number = text.get("entry_number", "")
        found = self.by_number.get((int(number), row.facts.name_zh)) if number.isdigit() and len(number) < 9 else None
        if found is not None:
            row.known, row.same, row.wrong = found.entry_number, found, []
        elif "*" in row.facts.document_number or "*" in row.facts.phone:
            self._say(row.wrong, "identity_number", "roster_masked")
        return found is not None

    def _place(self, row: Row, text: Mapping[str, str]) -> None:
        named = "".join(text.get("event", "").split()).lower()
        row.event = self.events.get(named) if named else self.fixed
        if row.event is None or (self.around.event_id and row.event.id != self.around.event_id):
            self._say(row.wrong, "event", "roster_event_unknown" if named else "roster_event_missing", given=named[:30])
            return
        division = "".join(text.get("division", "").split()).lower()
        places = row.event.divisions
        if division:
            row.division_id = places.get(division)
        elif len(set(places.values())) == 1:
            row.division_id = next(iter(places.values()))
        else:
            row.division_id = places.get(row.facts.identity_class)
        if row.division_id is None:
            self._say(row.wrong, "division", "roster_division_unknown", given=division[:30])
        row.team = text.get("team", "") or text.get("entry_number", "")
        row.delegation = text.get("delegation", "")[:120]
        if self.around.delegation is not None:
            if row.delegation and plain_name(row.delegation) != plain_name(self.around.delegation):
                self._say(row.wrong, "delegation", "roster_other_delegation")
            row.delegation = self.around.delegation
        if row.facts.held_grade and not row.facts.held_occupation_name:
            row.facts = replace(row.facts, held_occupation_name=row.event.occupation_name)

    def _find_known(self, row: Row) -> None:
        number = row.facts.document_number
        if row.event is None or row.wrong:
            return
        if number:
            row.index = identity_index(row.facts.document_kind, number)
            row.same = self.by_index.get((row.event.id, row.index))
        else:
            row.same = self.by_name.get((row.event.id, row.facts.name_zh, row.facts.unit_name))
        row.known = row.same.entry_number if row.same else None


def _mark_repeated(rows: Sequence[Row], reader: _Reader) -> None:
    first: dict[tuple[UUID, str], int] = {}
    for row in rows:
        if row.event is None or not row.index:
            continue
        key = (row.event.id, row.index)
        if key in first:
            reader._say(row.wrong, "identity_number", "roster_row_twice", first=first[key])
        first.setdefault(key, row.number)


def _mark_teams(rows: Sequence[Row]) -> None:
    """A team is entered whole: when one of its rows is wrong or missing, the others wait with it."""
    teams: dict[tuple[UUID, str], list[Row]] = {}
    for row in rows:
        if row.event is not None and row.event.team_size > 1 and row.known is None:
            teams.setdefault((row.event.id, row.team), []).append(row)
    for team in teams.values():
        event = team[0].event
        if event is None:
            continue
        if len(team) != event.team_size:
            team[0].wrong.append(Wrong(None, "entry_team_size_wrong", {"size": event.team_size, "given": len(team)}))
        if any(row.wrong for row in team):
            for row in team:
                if not row.wrong:
                    row.wrong.append(Wrong(None, "roster_team_waits"))
