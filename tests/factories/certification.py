"""Issuers, filings, award cases and certificates, valid by default."""

from __future__ import annotations

import io
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

from PIL import Image

from accounts.access.roles import Role
from accounts.people.actions import PersonFacts, note_person
from certification.certificates.actions.issuing import (
    ApprovedCase,
    issue_certificate,
    number_certificates,
    register_approved,
    report_certificates,
)
from certification.certificates.actions.life import ChangeFacts, agree_change, ask_change
from certification.filings.models import EvaluationOrganization, Filing
from certification.policies.models import AwardPolicyVersion
from certification.policies.reading import read_policy
from certification.promotion.facts import case_hash
from certification.promotion.models import AwardCase, AwardList
from certification.rules.certificate_states import Act
from foundation.clock import new_id, now
from foundation.db import session, transaction
from foundation.files.actions import keep_file
from foundation.permission import MACHINE, Actor
from tests.factories.accounts import make_grant, make_person

_numbers = count(1)
POLICY = Path(__file__).resolve().parents[2] / "data" / "policies" / "jiangzhou-2026.toml"
PUBLIC = "http://127.0.0.1:8000"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def identity_number() -> str:
    """A resident identity number with the right check digit, never the same twice."""
    body = f"11010119900307{next(_numbers) % 1000:03d}"
    return body + "10X98765432"[sum(int(c) * w for c, w in zip(body, WEIGHTS, strict=True)) % 11]


def photo(colour: str = "#2b3d55") -> bytes:
    """A one-inch portrait, of a kind."""
    picture = Image.new("RGB", (413, 579), "white")
    picture.paste(colour, (80, 200, 330, 579))
    target = io.BytesIO()
    picture.save(target, "JPEG")
    return target.getvalue()


def make_holder(name: str = "林晓禾", *, with_photo: bool = True, number: str = "", **facts: Any) -> UUID:
    """A person a certificate can be issued to."""
    picture = None
    if with_photo:
        picture = keep_file(photo(), media_type="image/jpeg", name="photo.jpg", actor=MACHINE, at=now())
    given = {"name_zh": name, "birth_date": date(1990, 3, 7), "photo_id": picture} | facts
    document = ("resident_identity_card", number or identity_number())
    return note_person(PersonFacts(**given), document=document, actor=MACHINE, at=now())


def make_issuer(*, switched_on: bool = True, grades: tuple[str, ...] = ("L3", "L2", "L1"), **facts: Any) -> UUID:
    """A filed organization that numbers from its own range, filed for 焊工."""
    with transaction() as writing:
        given = {
            "name": "江州省职业技能评价中心", "route": "filed_host", "prefix": f"S0000320{next(_numbers):05d}",
            "number_source": "own_range", "number_pattern": "", "certificate_query_url": "http://jndj.osta.org.cn",
            "organization_query_url": "http://pjjg.osta.org.cn", "switched_on_at": now() if switched_on else None,
        } | facts  # fmt: skip
        row = EvaluationOrganization(id=new_id(), created_at=now(), **given)
        writing.add(row)
        writing.flush()
        writing.add(
            Filing(
                evaluation_organization_id=row.id, occupation_code="6-18-02-04", occupation_name="焊工",
                occupation_edition="2022", grades=list(grades), valid_from=date(2020, 1, 1),
            )
        )  # fmt: skip
    return row.id


def make_list(issuer_id: UUID, *, competition_id: UUID | None = None, region_code: str = "320000") -> UUID:
    """An approved award list under a policy of its own."""
    with transaction() as writing:
        policy = AwardPolicyVersion(
            id=new_id(), key=f"policy{next(_numbers)}", number=1, title="江州省职业技能竞赛管理办法", issuer="江州省人力资源和社会保障厅",
            document_number="江人社规〔2025〕7号", content=dict(read_policy(POLICY.read_bytes(), POLICY.name).content),
            content_hash="1" * 64, loaded_at=now(),
        )  # fmt: skip
        writing.add(policy)
        writing.flush()
        row = AwardList(
            id=new_id(), publication_id=new_id(), publication_hash="2" * 64, competition_id=competition_id or new_id(),
            competition_name="江州省第三届职业技能大赛", event_name="焊接", division_name="职工组", region_code=region_code,
            policy_version_id=policy.id, evaluation_organization_id=issuer_id, state="approved",
            approval_number="江人社竞〔2026〕31号", approval_date=date(2026, 11, 20), created_at=now(),
        )  # fmt: skip
        writing.add(row)
    return row.id


def make_approved(
    issuer_id: UUID, person_id: UUID | None = None, *, list_id: UUID | None = None, grade: str = "L2", direction: str = "",
    competition_id: UUID | None = None, region_code: str = "320000",
) -> UUID:  # fmt: skip
    """An approved case, handed over: the certificate's id."""
    case = make_case(issuer_id, person_id, list_id=list_id, grade=grade, direction=direction,
                     competition_id=competition_id, region_code=region_code)  # fmt: skip
    return register_approved(case, actor=MACHINE, at=now())


def make_case(
    issuer_id: UUID, person_id: UUID | None = None, *, list_id: UUID | None = None, grade: str = "L2", direction: str = "",
    competition_id: UUID | None = None, region_code: str = "320000",
) -> ApprovedCase:  # fmt: skip
    """An approved award case as promotion hands it over."""
    person = person_id or make_holder()
    listed = list_id or make_list(issuer_id, competition_id=competition_id, region_code=region_code)
    with transaction() as writing:
        case = AwardCase(
            id=new_id(), award_list_id=listed, entry_id=new_id(), person_id=person, position=next(_numbers), rank=4,
            state="approved", clause="single-1-5", grade=grade, occupation_code="6-18-02-04", occupation_name="焊工",
            occupation_edition="2022", direction=direction, decision={"clause": "single-1-5", "article": "第十二条第二款", "policy": "1" * 64, "grade": grade, "title": "", "checks": []}, previous_hash="2" * 64, hash="",
            decided_at=now(),
        )  # fmt: skip
        case.hash = case_hash(case.previous_hash, case.id, case.entry_id, case.person_id, case.decision)
        writing.add(case)
    return ApprovedCase(
        case_id=case.id, case_hash=case.hash, evaluation_organization_id=issuer_id, person_id=person, grade=grade,
        occupation_code="6-18-02-04", occupation_name="焊工", occupation_edition="2022", direction=direction,
        approved_on=date(2026, 11, 20), competition_id=competition_id, region_code=region_code,
    )  # fmt: skip


def make_reported(issuer_id: UUID, person_id: UUID | None = None, **facts: Any) -> UUID:
    """A certificate that only waits for issue."""
    key = make_approved(issuer_id, person_id, **facts)
    number_certificates([key], actor=MACHINE, at=now())
    report_certificates([key], "上传回执 20261122-1", actor=MACHINE, at=now())
    return key


def make_issued(issuer_id: UUID, person_id: UUID | None = None, *, public_url: str = PUBLIC, **facts: Any) -> UUID:
    """A certificate with its file."""
    key = make_reported(issuer_id, person_id, **facts)
    issue_certificate(key, public_url=public_url, actor=MACHINE, at=now())
    return key


def make_officer(role: Role = Role.EVALUATION_OFFICER) -> Actor:
    """Somebody who holds `role` on the platform."""
    person = make_person()
    make_grant(person, role)
    return Actor(person)


def change(key: UUID, act: Act | str, reason: str = "查实", **facts: Any) -> UUID:
    """Ask for an act and agree to it, as two people: the request's id."""
    made = ask_change(key, Act(act), ChangeFacts(reason, **facts), actor=make_officer(), at=now())
    agree_change(key, made, actor=make_officer(), at=now(), public_url=PUBLIC)
    session().rollback()
    return made


def correct(key: UUID, **wanted: str) -> UUID:
    """Correct what is printed, with evidence."""
    proof = keep_file(photo(), media_type="image/jpeg", name="身份证.jpg", actor=MACHINE, at=now())
    return change(key, Act.CORRECT, "姓名有误", wanted=wanted, evidence_id=proof)
