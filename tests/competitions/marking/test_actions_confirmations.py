"""On a panel's tablet a column counts as confirmed by the PIN of its judge, while its values stand; nothing is signed before."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask
from flask.testing import FlaskClient

from competitions.judges.actions import issue_card
from competitions.marking import desk
from competitions.marking.actions import signing
from competitions.marking.actions.confirmations import Column, confirm_column
from competitions.marking.confirmations import column_hash
from competitions.marking.ledger import receive_marks
from competitions.marking.queries import marks as queries
from foundation.clock import new_id
from foundation.encryption.envelope import EnvelopeBroken, open_envelope, public_jwk
from foundation.refusal import Missing, Refusal
from tests.conftest import AT
from tests.factories.marking import Hall, make_hall

PINS = ("135791", "246802", "975310")


@pytest.fixture
def hall(app: Flask) -> Hall:
    """A panel's tablet; the first judge records every column of the one work."""
    made = make_hall(works=1, entry_mode="panel_tablet")
    for seat, pin in zip(queries.panel(made.panel_id).seats, PINS, strict=True):
        issue_card(seat.duty_id, pin, actor=made.chief, at=AT)
    marks = [made.mark(0, "A1-1", "1")]
    for number in range(3):
        marks += [
            made.mark(0, code, value, seat_id=made.seats[number]) for code, value in (("A1-2", "2"), ("B1-1", "20.50"))
        ]
    receive_marks(marks, actor=made.judges[0], at=AT)
    return made


def column(hall: Hall, seat: int, sub: str = "A1", value: str = "2") -> Column:
    aspect = hall.aspects["A1-2" if sub == "A1" else "B1-1"]
    digest = column_hash(hall.works[0], hall.subs[sub], hall.seats[seat], {aspect: value})
    return Column(hall.panel_id, hall.works[0], hall.subs[sub], hall.seats[seat], digest)


def confirm(hall: Hall, seat: int, pin: str, **other: Any) -> bool:
    return confirm_column(new_id(), column(hall, seat, **other), pin, client_at=AT, actor=hall.judges[0], at=AT)


def listed(hall: Hall) -> object:
    return signing.make_signing_list(hall.panel_id, [hall.subs["A1"]], actor=hall.judges[0], at=AT)


def test_nothing_is_signed_before_each_judge_confirmed(hall: Hall) -> None:
    for seat in range(2):
        confirm(hall, seat, PINS[seat])
    with pytest.raises(Refusal, match="columns_unconfirmed"):
        listed(hall)
    board = desk.panel_board(hall.panel_id, hall.judges[0].person)
    assert board.obstacles(hall.subs["A1"], hall.works[0]) == (("obstacle:pin", 1),)
    with pytest.raises(Refusal, match="code_wrong"):
        confirm(hall, 2, PINS[1])
    with pytest.raises(Refusal, match="column_changed"):
        confirm(hall, 2, PINS[2], value="3")
    key = new_id()
    given = {"client_at": AT, "actor": hall.judges[0], "at": AT}
    assert [confirm_column(key, column(hall, 2), PINS[2], **given) for _ in range(2)] == [False, True]
    assert listed(hall)


def test_a_changed_value_is_confirmed_anew(hall: Hall) -> None:
    for seat in range(3):
        confirm(hall, seat, PINS[seat])
    first = next(
        one for one in queries.revisions_at(hall.works[0], hall.aspects["A1-2"]) if one.seat_id == hall.seats[1]
    )
    changed = hall.mark(0, "A1-2", "1", seat_id=hall.seats[1], base_id=first.id)
    receive_marks([changed], actor=hall.judges[0], at=AT)
    with pytest.raises(Refusal, match="columns_unconfirmed"):
        listed(hall)
    confirm(hall, 1, PINS[1], value="1")
    assert listed(hall)


def test_five_wrong_pins_lock_and_a_panel_of_own_tablets_asks_nobody(hall: Hall) -> None:
    for _ in range(5):
        with pytest.raises(Refusal, match="code_wrong"):
            confirm(hall, 0, "000000")
    with pytest.raises(Refusal, match="code_locked"):
        confirm(hall, 0, PINS[0])
    own = make_hall(works=1)
    with pytest.raises(Missing):
        confirm(own, 0, PINS[0])


def sealed(text: str) -> str:
    """As a browser seals it."""
    jwk = public_jwk()
    x, y = (int.from_bytes(base64.urlsafe_b64decode(jwk[name] + "==")) for name in ("x", "y"))
    theirs, mine = (
        ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key(),
        ec.generate_private_key(ec.SECP256R1()),
    )
    key = HKDF(algorithm=hashes.SHA256(), length=32, salt=bytes(32), info=b"laurel envelope").derive(
        mine.exchange(ec.ECDH(), theirs)
    )
    point = mine.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.b64encode(point + bytes(12) + AESGCM(key).encrypt(bytes(12), text.encode(), None)).decode()


def test_the_tablet_sends_the_pin_sealed(hall: Hall, signed_in: Callable[..., FlaskClient]) -> None:
    client = signed_in(person_id=hall.judges[0].person)

    def send(pin: str) -> dict[str, Any]:
        wanted = column(hall, 0, "B1", "20.5")  # as the server stores 20.50
        item = {"id": str(new_id()), "panel_id": str(wanted.panel_id), "work_id": str(wanted.work_id), "seat_id": str(wanted.seat_id),
                "sub_criterion_id": str(wanted.sub_criterion_id), "values_hash": wanted.values_hash, "pin": pin, "client_at": AT.isoformat()}  # fmt: skip
        sent = client.post("/api/marking/confirmations", json={"items": [item]}, headers={"X-Laurel": "1"})
        answer: dict[str, Any] = sent.get_json()["answers"][0]
        return answer

    assert send(PINS[0])["code"] == "code_wrong"  # not sealed
    assert send(sealed(PINS[1]))["code"] == "code_wrong"
    assert send(sealed(PINS[0]))["status"] == "confirmed"
    page = f"/marking/panels/{hall.panel_id}/works/{hall.works[0]}/{hall.subs['B1']}/state"
    assert len(client.get(page).get_json()["columns"][str(hall.seats[0])]) == 1
    broken = base64.b64encode(base64.b64decode(sealed("1"))[:-1] + b"\x00").decode()
    with pytest.raises(EnvelopeBroken):
        open_envelope(broken)
