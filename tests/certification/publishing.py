"""Publications as the door gives them, and what a list needs, for tests of certification."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete

from accounts.access.roles import Role
from catalogue.occupations.models import OccupationStandard
from certification.filings.actions import FilingFacts, IssuerFacts, note_filing, note_issuer
from certification.policies.actions import load_policies, put_in_force
from certification.promotion import actions, queries
from certification.promotion.facts import NoticeFacts
from competitions.published import (
    PublishedCompetition,
    PublishedEvent,
    PublishedMember,
    PublishedPart,
    PublishedResult,
    PublishedResults,
)
from foundation.clock import new_id, now
from foundation.db import transaction
from foundation.permission import MACHINE, Actor, Scope, ScopeKind
from foundation.refusal import Missing
from tests.factories.accounts import make_grant, make_person
from tests.factories.competitions import make_competition

NOTICE = NoticeFacts(5, "赵联络", "025-80000001", "江州市人民路1号", "025-80000002")
_serial = iter(range(1, 10_000))


def results(people: Sequence[UUID], *, competition_id: UUID | None = None, ranks: Sequence[int | None] = (), held: Sequence[int] = (),
            theory: dict[int, str] | None = None, superseded_by: UUID | None = None, **facts: Any) -> PublishedResults:  # fmt: skip
    """焊接, worker division: one person a place, both parts passed unless `theory` says otherwise (by index)."""
    competition_id = competition_id or make_competition()
    rows = []
    for index, person in enumerate(people):
        score = Fraction((theory or {}).get(index, "81"))
        rows.append(
            PublishedResult(
                entry_id=new_id(), rank=ranks[index] if ranks else index + 1, award_rank=ranks[index] if ranks else index + 1, status="ranked", total=str(90 - index), prize="",
                parts=(PublishedPart("theory", score, Decimal(100), Fraction(3, 10), Decimal(60), score >= 60),
                       PublishedPart("practice", Fraction(8589, 100), Decimal(100), Fraction(7, 10), Decimal(60), True)),
                members=(PublishedMember(person, 1, facts.get("identity", "worker"), 33, "江州重工"),), held=index in held,
            )
        )  # fmt: skip
    return PublishedResults(
        publication_id=new_id(), number=3, kind=facts.get("kind", "decided"), published_at=datetime(2026, 11, 1, tzinfo=UTC),
        document_number="江人社竞〔2026〕28号", document_date=date(2026, 11, 1), hash="ab" * 32, run_hash="cd" * 32, marks_hash="ef" * 32,
        competition=PublishedCompetition(competition_id, "江州省第三届职业技能大赛", "", "provincial", "class_1", "skills_contest",
                                         "human_resources", "320000", "江人社函〔2026〕18号", date(2026, 10, 20), date(2026, 10, 23),
                                         "江州省人力资源和社会保障厅", ()),
        event=PublishedEvent(new_id(), "焊接", "Welding", "6-18-02-04", "焊工", "2022", "", "L3", 1, new_id(), "worker", "职工组", True, None),
        attendance=42, results=tuple(rows), superseded_by=superseded_by,
    )  # fmt: skip


class Desk:
    """Publications in reach, a policy in force, an issuer filed for 焊工, an officer and an authority."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.found: dict[UUID, PublishedResults] = {}
        patch.setattr(queries, "published_results", self._of)
        patch.setattr(queries.published, "since", lambda _number, competition_id=None: [
            key for key, one in self.found.items() if competition_id in (None, one.competition.id)])  # fmt: skip
        self.versions = load_policies(actor=MACHINE, at=now())
        self.policy = self.versions["jiangzhou-2026"]
        put_in_force(self.policy, actor=MACHINE, at=now())
        self.issuer = note_issuer(
            IssuerFacts(
                "江州技师学院", "filed_host", f"S00003200{next(_serial):04d}", "own_range", region_code="320000"
            ),
            actor=MACHINE,
            at=now(),
        )
        note_filing(
            self.issuer,
            FilingFacts("6-18-02-04", "焊工", "2022", ("L3", "L2", "L1"), date(2026, 1, 1)),
            actor=MACHINE,
            at=now(),
        )
        self.officer, self.authority = Actor(make_person("何评价")), Actor(make_person("程批准"))
        for person, role in ((self.officer, Role.EVALUATION_OFFICER), (self.authority, Role.APPROVING_AUTHORITY)):
            make_grant(person.person, role, Scope(ScopeKind.REGION, "32"))

    def _of(self, publication_id: UUID) -> PublishedResults:
        if publication_id not in self.found:
            raise Missing
        return self.found[publication_id]

    def publish(self, one: PublishedResults) -> PublishedResults:
        """Put a publication in reach."""
        self.found[one.publication_id] = one
        return one

    def proposed(self, people: Sequence[UUID], **facts: Any) -> UUID:
        """A list from a new publication, its standard confirmed."""
        one = self.publish(results(people, **facts))
        made = actions.propose(one.publication_id, self.policy, self.issuer, actor=self.officer, at=now())
        for grade in ("L3", "L2", "L1"):
            actions.confirm_standard(made, grade, note="国家职业标准 2018 年版", actor=self.officer, at=now())
        return made

    def on_notice(self, people: Sequence[UUID], **facts: Any) -> UUID:
        """A list on public notice."""
        made = self.proposed(people, **facts)
        actions.check_list(made, actor=self.officer, at=now())
        actions.post_notice(made, NOTICE, actor=self.officer, at=now())
        return made


def forget_standard(occupation_code: str = "6-18-02-04") -> None:
    """Make the standard of an occupation unknown, as it is where no row was shipped."""
    with transaction() as writing:
        writing.execute(delete(OccupationStandard).where(OccupationStandard.occupation_code == occupation_code))
