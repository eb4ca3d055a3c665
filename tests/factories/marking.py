"""A competition ready to be marked: scheme, a panel of three, works under codes, tablets."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from sqlalchemy import select

from accounts.access.roles import Role
from competitions.marking.bodies import MarkBody, body_hash
from competitions.schemes.models import Aspect, Criterion, SubCriterion
from foundation.clock import new_id, now
from foundation.db import session
from foundation.permission import Actor, Scope, ScopeKind
from tests.factories import rows
from tests.factories.accounts import make_grant, make_person
from tests.factories.competitions import make_competition


class Tablet:
    """A tablet's key pair, signing as WebCrypto does: r and s, 32 bytes each, base64url, over the hash in hexadecimal."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        numbers = self.private.public_key().public_numbers()
        self.jwk = {
            "kty": "EC",
            "crv": "P-256",
            "x": _url(numbers.x),
            "y": _url(numbers.y),
            "ext": True,
            "key_ops": ["verify"],
        }

    def signature(self, body: MarkBody) -> str:
        """The signature of a mark."""
        made = self.private.sign(body_hash(body).encode(), ec.ECDSA(hashes.SHA256()))
        r, s = decode_dss_signature(made)
        return base64.urlsafe_b64encode(r.to_bytes(32) + s.to_bytes(32)).decode().rstrip("=")

    def signed(self, body: MarkBody) -> MarkBody:
        """The mark with its signature."""
        return replace(body, device_signature=self.signature(body))


def _url(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(32)).decode().rstrip("=")


@dataclass
class Hall:
    """Where judges mark: ids by short names."""

    competition_id: UUID
    event_id: UUID
    scheme_id: UUID
    panel_id: UUID
    subs: dict[str, UUID]
    aspects: dict[str, UUID]
    seats: list[UUID]
    judges: list[Actor]
    works: list[UUID]
    chief: Actor
    devices: dict[UUID | None, tuple[UUID, Any]] = field(default_factory=dict)

    def mark(self, seat: int, aspect: str, value: str | None, work: int = 0, **other: Any) -> MarkBody:
        """A mark of the judge on `seat` (0, 1, 2) from that judge's own tablet."""
        judge = self.judges[seat].person
        device, numbers = self.devices.setdefault(judge, (new_id(), count(1)))
        given: dict[str, Any] = {
            "id": new_id(), "work_id": self.works[work], "aspect_id": self.aspects[aspect],
            "seat_id": None if aspect == "A1-1" else self.seats[seat], "kind": "clear" if value is None else "set", "value": value,
            "base_id": None, "scheme_id": self.scheme_id, "device_id": device, "device_sequence": next(numbers), "client_at": now(),
        }  # fmt: skip
        return MarkBody(**(given | other))

    def whole(self, seat: int, work: int, judgement: str = "2", points: str = "20") -> list[MarkBody]:
        """What the judge on `seat` marks of a work; the first one enters the measurement."""
        marks = [self.mark(seat, "A1-2", judgement, work), self.mark(seat, "B1-1", points, work)]
        return [self.mark(0, "A1-1", "1", work), *marks] if seat == 0 else marks

    def everything(self, seat: int) -> list[MarkBody]:
        """What the judge on `seat` marks of every work of a wide hall; the first one enters the measurements."""
        wanted = [code for code in self.aspects if code.endswith("-2") or seat == 0]
        return [
            self.mark(seat, code, "1" if code.endswith("-1") else "2", work, seat_id=None if code.endswith("-1") else self.seats[seat])
            for work in range(len(self.works))
            for code in wanted
        ]  # fmt: skip

    def later(self, body: MarkBody, value: str, seat: int, **other: Any) -> MarkBody:
        """A change of an earlier mark by the same judge."""
        aspect = next(code for code, key in self.aspects.items() if key == body.aspect_id)
        at = body.client_at + timedelta(seconds=5)
        work = self.works.index(body.work_id)
        return self.mark(seat, aspect, value, work, **({"base_id": body.id, "client_at": at} | other))


def make_wide_hall(works: int, sub_criteria: int) -> Hall:
    """Many works and sub-criteria: a measurement and a judgement each."""
    return make_hall(works, wide=sub_criteria)


def make_hall(
    works: int = 2,
    entry_mode: str = "own_tablet",
    name: str = "",
    competition_id: UUID | None = None,
    wide: int = 0,
) -> Hall:
    """焊接: A1 (pass/fail 40, judgement 30), B1 (points 30), three judges, a chief judge."""
    competition = competition_id or make_competition()
    event = rows.make_event(competition)
    scheme = rows.make_wide_scheme(event, wide) if wide else rows.make_scheme(event)
    wanted = select(SubCriterion).join(Criterion).where(Criterion.scheme_id == scheme)
    subs = {row.code: row.id for row in session().scalars(wanted)}
    aspects = {row.code: row.id for row in session().scalars(select(Aspect).where(Aspect.scheme_id == scheme))}
    panel = rows.make_panel(event, sub_criteria=tuple(subs.values()), entry_mode=entry_mode)
    from competitions.marking.queries import marks as queries

    seats = queries.panel(panel).seats
    judges = [Actor(seat.duty.person_id) for seat in seats]
    scope = Scope(ScopeKind.EVENT, str(event))
    for judge in judges:
        assert judge.person is not None
        make_grant(judge.person, Role.JUDGE, scope)
    chief = make_person(name or "裁判长")
    make_grant(chief, Role.CHIEF_JUDGE, scope)
    codes = ("K7QD", "W3MX", "P9HC", "T4RB", "F6YN", "D8VA")
    made = [rows.make_work(event, code=codes[n] if n < len(codes) else "") for n in range(works)]
    rows.make_seal(event)
    return Hall(competition, event, scheme, panel, subs, aspects, [s.id for s in seats], judges, made, Actor(chief))
