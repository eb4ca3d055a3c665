"""成绩查询: who knows name, identity number and pass number (or the code on the slip) reads the own published result.

Whatever does not match is answered alike, so that nobody learns whether a person is registered. Only publications are read:
what is not published cannot be asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from accounts.people import queries as people
from accounts.sign_in import queries as sign_in
from accounts.sign_in.access_codes import code_hash
from catalogue.rules.identity_numbers import checked_identity
from competitions.entries.member_facts import same_name
from competitions.entries.models.entries import Entry
from competitions.entries.queries import entries
from competitions.publications import queries
from competitions.publications.models import PublicationKind, PublicationRow
from foundation.exact import fraction_from_text
from foundation.refusal import Refusal

# What is nearer to final says more; of one kind the later number counts.
_FINALITY = (PublicationKind.POSTED, PublicationKind.PROPOSED, PublicationKind.DECIDED)


@dataclass(frozen=True, slots=True)
class EntryResult:
    """One entry of the person who asked, with the published row in force; `row` is None while nothing is published."""

    entry: Entry
    row: PublicationRow | None

    @property
    def parts(self) -> list[tuple[str, Fraction, bool | None]]:
        """Kind, score and (where the part has a pass mark) whether it was passed, for each part with a score."""
        stored = self.row.facts["parts"] if self.row is not None else []
        return [
            (part["kind"], fraction_from_text(part["score"]), part["passed"] if part["pass_mark"] else None)
            for part in stored
            if part["score"]
        ]


def published_results(
    name: str, document_kind: str, identity_number: str, secret: str, *, at: datetime
) -> Sequence[EntryResult]:
    """The entry that `secret` (pass number, or claim code in force at `at`) names, when name and identity number are its member's.

    Empty for everything that does not match. Nothing is stored.
    """
    try:
        plain = checked_identity(document_kind, identity_number).number
    except Refusal:
        return []
    person = people.person_with_document(document_kind, plain)
    if person is None or not same_name(person.name_zh, name):
        return []
    claimed = _member_of_code(secret, at)
    mine = [
        entry
        for entry in entries.entries_of_person(person.id)
        if (entry.pass_number is not None and entry.pass_number == secret.strip().upper())
        or any(member.id == claimed and member.person_id == person.id for member in entry.members)
    ]
    rows = queries.rows_of_entries([entry.id for entry in mine])
    return [EntryResult(entry, _in_force(entry, rows)) for entry in mine]


def _member_of_code(secret: str, at: datetime) -> object:
    row = sign_in.access_code(code_hash("claim", secret.upper()))
    if row is None or row.withdrawn_at is not None or (row.ends_at is not None and row.ends_at <= at):
        return None
    return row.subject_id


def _in_force(entry: Entry, rows: Sequence[PublicationRow]) -> PublicationRow | None:
    """The row nearest to final that nothing has taken the place of."""
    gone = queries.superseded(queries.publications_of_event(entry.event_id))
    standing = [
        row
        for row in rows
        if row.entry_id == entry.id and row.publication.kind in _FINALITY and row.publication_id not in gone
    ]
    return max(standing, key=_nearness, default=None)


def _nearness(row: PublicationRow) -> tuple[int, int]:
    return _FINALITY.index(PublicationKind(row.publication.kind)), row.publication.number
