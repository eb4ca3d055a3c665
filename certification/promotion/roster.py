"""核发花名册: the rows of a list as paper and spreadsheet show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from accounts.people.models import Qualification
from catalogue.rules.seniority import GRADES, place
from certification.filings.number_forms import forms
from certification.promotion import queries
from certification.promotion.models import AwardCase, AwardList
from certification.rules import numbering
from certification.rules.lifecycle import CaseState
from certification.rules.numbering import HeldNumber
from competitions.published import PublishedEvent, PublishedResults
from foundation.exact import shown

ON_ROSTER = (CaseState.PROPOSED, CaseState.CHECKED, CaseState.ON_NOTICE, CaseState.APPROVED, CaseState.HELD)


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person. Identity and certificate numbers are masked."""

    case: AwardCase
    name: str
    document: str
    unit: str
    rank: int | None
    theory: str
    practice: str
    present: str
    present_number: str
    present_reading: HeldNumber | None
    present_basis: str
    present_id: UUID | None


def rows_of(row: AwardList, results: PublishedResults) -> list[RosterRow]:
    """Every case of a list with what paper shows of the person, in the list's order."""
    people = queries.people_rows(case.person_id for case in row.cases)
    by_entry = {result.entry_id: result for result in results.results}
    made = []
    for case in row.cases:
        result, person = by_entry.get(case.entry_id), people[case.person_id]
        scores = {part.kind: shown(part.score, 2) for part in result.parts if part.score is not None} if result else {}
        units = {member.person_id: member.unit_name for member in result.members} if result else {}
        held = [one for one in person.held if one.name in GRADES and _same(one, results.event)]
        present = max(held, key=lambda one: place(one.name), default=None)
        made.append(
            RosterRow(
                case=case, name=person.name, document=person.document, unit=units.get(case.person_id, ""), rank=case.rank,
                theory=scores.get("theory", ""), practice=scores.get("practice", ""), present=present.name if present else "",
                present_reading=_read(present),
                present_number=str(present.number) if present and present.number else "",
                present_basis=present.basis if present else "", present_id=present.id if present else None,
            )
        )  # fmt: skip
    return made


def _read(present: Qualification | None) -> HeldNumber | None:
    if present is None or present.number is None:
        return None
    return numbering.held_number(forms(), present.number.revealed())


def _same(held: Qualification, event: PublishedEvent) -> bool:
    if held.occupation_name and held.occupation_name == event.occupation_name:
        return True
    mine = (held.occupation_code, held.occupation_edition)
    return bool(held.occupation_code) and mine == (event.occupation_code, event.occupation_edition)


def on_roster(rows: Sequence[RosterRow]) -> list[RosterRow]:
    """The rows that bring something and were not refused, superseded or revoked."""
    return [row for row in rows if row.case.state in ON_ROSTER and (row.case.grade or row.case.title)]
