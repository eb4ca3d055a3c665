"""What is known of the people of an entry, as facts for another entry of theirs."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from accounts.people.models import IdentityDocument
from competitions.entries.member_facts import MemberFacts
from competitions.entries.models.entries import EntryMember
from competitions.entries.queries import entries as queries
from foundation.db import session
from foundation.refusal import Refusal


def facts_of_entry(entry_id: UUID, *, team_size: int) -> list[MemberFacts]:
    """The members in order, with the data that stand in the register. Raises Missing, Refusal nomination_team_size,
    nomination_identity (somebody's document was never settled)."""
    entry = queries.entry(entry_id)
    if len(entry.members) != team_size:
        raise Refusal("nomination_team_size", size=team_size, given=len(entry.members))
    wanted = select(IdentityDocument).where(
        IdentityDocument.person_id.in_([member.person_id for member in entry.members]),
        IdentityDocument.asserted.is_(False),
    )
    papers = {row.person_id: row for row in session().scalars(wanted)}
    for member in entry.members:
        if member.person_id not in papers:
            raise Refusal("nomination_identity", name=member.person.name_zh)
    return [_facts(member, papers[member.person_id]) for member in entry.members]


def _facts(member: EntryMember, paper: IdentityDocument) -> MemberFacts:
    person = member.person
    return MemberFacts(
        name_zh=person.name_zh, name_en=person.name_en or "", identity_class=member.identity_class,
        document_kind=paper.kind, document_number=paper.number.revealed(), unit_name=member.unit_name, post=member.post,
        years_in_trade=member.years_in_trade,
    )  # fmt: skip
