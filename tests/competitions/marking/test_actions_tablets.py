"""Tablets: one-time codes, keys, signatures, the lost one."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from flask import Flask

from accounts.sign_in import queries as accounts
from accounts.sign_in.actions import revoke_devices
from competitions.judges.queries import panel
from competitions.marking.actions import tablets
from competitions.marking.actions.tablets import Paired
from competitions.marking.bodies import MarkBody, body_hash
from competitions.marking.ledger import receive_marks
from competitions.marking.queries import marks as queries
from foundation.permission import Actor, Via
from foundation.refusal import Conflict, Missing, Refusal
from tests.conftest import AT
from tests.factories.marking import Hall, Tablet, make_hall


@pytest.fixture
def hall(app: Flask) -> Hall:
    return make_hall()


def duty(hall: Hall, seat: int) -> Any:
    return panel(hall.panel_id).seats[seat].duty_id


def paired(hall: Hall, tablet: Tablet, seat: int = 0) -> Paired:
    offered = tablets.offer_pairing(duty(hall, seat), actor=hall.chief, at=AT)
    return tablets.pair_with_code(offered.code, tablet.jwk, label="平板", at=AT)


def via(made: Paired) -> Actor:
    return Actor(made.person_id, Via.DEVICE, made.device_id)


def test_a_code_pairs_one_tablet_for_ten_minutes(hall: Hall) -> None:
    offered = tablets.offer_pairing(duty(hall, 0), actor=hall.chief, at=AT)
    assert offered.ends_at == AT + timedelta(minutes=10)
    with pytest.raises(Refusal, match="code_wrong"):
        tablets.pair_with_code(offered.code, Tablet().jwk, label="", at=AT + timedelta(minutes=10))
    made = tablets.pair_with_code(offered.code, Tablet().jwk, label="", at=AT + timedelta(minutes=9))
    assert (made.person_id, made.event_id, made.signs) == (hall.judges[0].person, hall.event_id, True)
    row = accounts.device(made.device_id)
    assert row is not None
    assert row.paired_by == hall.chief.person
    with pytest.raises(Refusal, match="code_wrong"):
        tablets.pair_with_code(offered.code, Tablet().jwk, label="", at=AT + timedelta(minutes=9))


def test_a_later_code_ends_the_earlier_one(hall: Hall) -> None:
    first = tablets.offer_pairing(duty(hall, 0), actor=hall.chief, at=AT)
    tablets.offer_pairing(duty(hall, 0), actor=hall.chief, at=AT)
    with pytest.raises(Refusal, match="code_wrong"):
        tablets.pair_with_code(first.code, Tablet().jwk, label="", at=AT)


@pytest.mark.parametrize("change", [{"d": "AAAA"}, {"crv": "P-384"}, {"x": "AAAA"}, {"y": None}, {"kty": "RSA"}])
def test_what_is_no_public_key_is_refused_and_the_code_still_holds(hall: Hall, change: dict[str, Any]) -> None:
    offered = tablets.offer_pairing(duty(hall, 0), actor=hall.chief, at=AT)
    with pytest.raises(Refusal, match="device_key_wrong"):
        tablets.pair_with_code(offered.code, {**Tablet().jwk, **change}, label="", at=AT)
    assert tablets.pair_with_code(offered.code, Tablet().jwk, label="", at=AT).signs


def test_the_same_key_is_the_same_tablet_again_with_a_new_token(hall: Hall) -> None:
    tablet = Tablet()
    first = paired(hall, tablet)
    receive_marks([tablet.signed(hall.mark(0, "A1-2", "2", device_id=first.device_id))], actor=via(first), at=AT)
    again = tablets.register_tablet(hall.event_id, tablet.jwk, label="", actor=hall.judges[0], at=AT)
    assert (again.device_id, again.token == first.token, again.last_sequence) == (first.device_id, False, 1)
    assert paired(hall, tablet, seat=1).device_id != first.device_id  # one key pair a judge


def test_a_signed_mark_is_received_whoever_hands_it_in(hall: Hall) -> None:
    tablet = Tablet()
    made = paired(hall, tablet)
    body = tablet.signed(hall.mark(0, "A1-2", "2", device_id=made.device_id))
    [answer] = receive_marks([body], actor=hall.judges[2], at=AT)
    assert (answer.status, answer.code) == ("received", "")
    [row] = queries.revisions_at(body.work_id, body.aspect_id)
    assert (row.judge_id, row.device_signature) == (hall.judges[0].person, body.device_signature)


def flipped(signature: str) -> str:
    raw = bytearray(base64.urlsafe_b64decode(signature + "=="))
    raw[5] ^= 1
    return base64.urlsafe_b64encode(bytes(raw)).decode().rstrip("=")


def test_a_missing_wrong_or_foreign_signature_is_held_never_dropped(hall: Hall) -> None:
    tablet, other = Tablet(), Tablet()
    made = paired(hall, tablet)

    def fresh() -> MarkBody:
        return hall.mark(0, "A1-2", "2", device_id=made.device_id)

    good = tablet.signed(fresh())
    assert good.device_signature is not None
    changed = replace(tablet.signed(fresh()), value="3")  # signed before it was changed
    bodies = [
        fresh(), replace(fresh(), device_signature="%%"), other.signed(fresh()), changed,
        replace(good, device_signature=flipped(good.device_signature)),
    ]  # fmt: skip
    answers = receive_marks(bodies, actor=via(made), at=AT)
    assert [(a.status, a.code) for a in answers] == [("held", "mark_unsigned")] + [("held", "mark_signature_wrong")] * 4
    assert [row.sequence for row in queries.held(hall.event_id)] == [1, 2, 3, 4, 5]
    assert list(queries.heads_of(hall.event_id)) == []


def test_a_lost_tablet_hands_in_what_it_holds_and_nothing_of_it_counts_by_itself(hall: Hall) -> None:
    tablet = Tablet()
    made = paired(hall, tablet)
    before = tablet.signed(hall.mark(0, "A1-2", "2", device_id=made.device_id))
    receive_marks([before], actor=via(made), at=AT)
    tablets.revoke_tablet(hall.event_id, made.device_id, "在赛场丢失", actor=hall.chief, at=AT)
    tablets.revoke_tablet(hall.event_id, made.device_id, "再说一次", actor=hall.chief, at=AT)
    late = tablet.signed(hall.mark(0, "B1-1", "20", device_id=made.device_id))
    answers = receive_marks([before, late], actor=Actor(made.person_id, Via.RETIRED, made.device_id), at=AT)
    assert [(a.status, a.code) for a in answers] == [("duplicate", ""), ("held", "mark_device_lost")]
    with pytest.raises(Conflict, match="device_revoked"):
        tablets.register_tablet(hall.event_id, tablet.jwk, label="", actor=hall.judges[0], at=AT)
    row = accounts.device(made.device_id)
    assert row is not None
    assert row.revoked_reason == "在赛场丢失"


def test_reporting_a_tablet_lost_needs_a_reason_and_its_event(hall: Hall) -> None:
    made = paired(hall, Tablet())
    with pytest.raises(Refusal, match="reason_missing"):
        tablets.revoke_tablet(hall.event_id, made.device_id, " ", actor=hall.chief, at=AT)
    with pytest.raises(Missing):
        tablets.revoke_tablet(make_hall().event_id, made.device_id, "x", actor=hall.chief, at=AT)


def test_a_tablet_says_how_it_is_and_its_number_never_falls(hall: Hall) -> None:
    made = paired(hall, Tablet())
    ahead = AT + timedelta(seconds=130)
    tablets.report_tablet(made.device_id, last_sequence=7, waiting=3, client_at=ahead, at=AT)
    tablets.report_tablet(made.device_id, last_sequence=5, waiting=0, client_at=ahead, at=AT)
    row = accounts.device(made.device_id)
    assert row is not None
    assert (row.last_sequence, row.waiting, row.clock_offset, row.seen_at) == (7, 0, 130_000, AT)


def test_a_key_registered_by_somebody_without_a_seat_is_refused(hall: Hall) -> None:
    with pytest.raises(Missing):
        tablets.register_tablet(hall.event_id, Tablet().jwk, label="", actor=hall.chief, at=AT)


def test_relieving_a_judge_ends_their_tablets_too(hall: Hall) -> None:
    made = paired(hall, Tablet())
    revoke_devices(made.person_id, hall.event_id, actor=hall.chief, at=AT)
    row = accounts.device(made.device_id)
    assert row is not None
    assert not accounts.is_live(row, AT)


def test_the_signature_is_over_the_hash_in_hex(hall: Hall) -> None:
    """The contract with the browser: WebCrypto signs the UTF-8 bytes of the hash's hexadecimal text."""
    tablet = Tablet()
    body = tablet.signed(hall.mark(0, "A1-2", "2"))
    assert body.device_signature is not None
    raw = base64.urlsafe_b64decode(body.device_signature + "==")
    r, s = int.from_bytes(raw[:32]), int.from_bytes(raw[32:])
    der = ec.ECDSA(hashes.SHA256())
    assert len(raw) == 64
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    encoded = encode_dss_signature(r, s)
    tablet.private.public_key().verify(encoded, body_hash(body).encode("utf-8"), der)
    assert decode_dss_signature(encoded) == (r, s)
