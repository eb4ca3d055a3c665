"""Last stage: policy in force, issuer filed, award lists checked, noticed, approved; certificates numbered, reported, issued."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

from certification.certificates.actions import awards, designs
from certification.certificates.actions import issuing as certificates
from certification.certificates.actions import keys as signing_keys
from certification.certificates.permissions import CertificatePermission
from certification.certificates.queries import awards as given
from certification.certificates.queries import register
from certification.certificates.recipients import Asked
from certification.filings import actions as filings
from certification.policies.actions import load_policies, put_in_force
from certification.promotion import actions as promotion
from certification.promotion.facts import ApprovalFacts, NoticeFacts
from competitions import published
from demo.scene import Scene, go_to, later
from foundation.clock import now
from foundation.permission import Actor

POLICY = "jiangzhou-2026"
_OCCUPATIONS = (("6-18-02-04", "焊工"), ("6-31-01-03", "电工"), ("4-04-05-01", "计算机程序设计员"))


def play(scene: Scene) -> None:
    """Certify the first event to the end; the others wait at their steps, so that every step can be tried."""
    officer, authority = scene.office["officer"], scene.office["authority"]
    go_to(datetime(2026, 6, 10, 1, 0, tzinfo=UTC))
    policy = load_policies(actor=officer, at=now())[POLICY]
    put_in_force(policy, actor=authority, at=later(hours=1))
    issuer = _issuer(officer)
    rows = published.publications_of(scene.competition_id)
    decided = {row.event_id: row.id for row in rows if row.kind == "decided" and row.superseded_by is None}
    first, second, *_rest = (decided[event.id] for event in scene.events)
    award_list = promotion.propose(first, policy, issuer, actor=officer, at=later(hours=2))
    promotion.propose(second, policy, issuer, actor=officer, at=later(hours=1))
    promotion.check_list(award_list, actor=officer, at=later(days=1))
    promotion.post_notice(award_list, _notice(), actor=officer, at=later(hours=1))
    go_to(datetime(2026, 6, 25, 2, 0, tzinfo=UTC))
    facts = ApprovalFacts(number="江人社竞核〔2026〕31号", on=date(2026, 6, 25))
    promotion.approve(award_list, facts, actor=authority, at=later(hours=1))
    signing_keys.make_key(issuer, actor=officer, at=later(hours=1))
    designs.publish_version(issuer, "grade", "2026 年版", pictures_allowed=False, actor=officer, at=later(hours=1))
    prize = designs.publish_version(
        issuer, "prize", "第三届大赛", pictures_allowed=False, actor=officer, at=later(hours=1)
    )
    _certificates(officer)
    _prizes(issuer, first, prize, officer)


def _prizes(issuer: UUID, publication: UUID, version: UUID, officer: Actor) -> None:
    awards.order_awards(
        issuer,
        publication,
        Asked("prize"),
        version,
        public_url="http://127.0.0.1:8000",
        actor=officer,
        at=later(hours=1),
    )
    for key in given.unfinished(issuer, publication):
        awards.issue_award(key, public_url="http://127.0.0.1:8000", actor=officer, at=later(minutes=1))


def _issuer(officer: Actor) -> UUID:
    issuer = filings.note_issuer(
        filings.IssuerFacts(
            name="江州省职业技能竞赛组织委员会办公室", name_en="Office of the Jiangzhou Skills Contest Committee",
            route="organising_committee", prefix="S000099000001", number_source="own_range", region_code="990000",
        ),
        actor=officer, at=now(),
    )  # fmt: skip
    for code, name in _OCCUPATIONS:
        filings.note_filing(
            issuer,
            filings.FilingFacts(code, name, "2022", ("L4", "L3", "L2", "L1"), date(2026, 1, 1), document_number="江人社备〔2026〕5号"),
            actor=officer, at=now(),
        )  # fmt: skip
    return issuer


def _notice() -> NoticeFacts:
    return NoticeFacts(
        days=5,
        contact_name="江州省职业技能大赛组委会办公室",
        contact_phone="0999-8123 4567",
        contact_address="江州市滨江路 18 号",
        supervision_phone="0999-8123 9999",
    )


def _certificates(officer: Actor) -> None:
    ids = [row.id for row in register.in_states(officer, CertificatePermission.NUMBER, "approved")]
    certificates.number_certificates(ids, actor=officer, at=later(days=4))
    certificates.report_certificates(ids, "2026-07-0001", actor=officer, at=later(days=3))
    for key in ids:
        certificates.issue_certificate(key, public_url="http://127.0.0.1:8000", actor=officer, at=later(minutes=1))
