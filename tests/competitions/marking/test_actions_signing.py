"""What a list keeps: the sheets it held, the signature given by hand, the words why it was taken back."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from competitions.marking.actions import signing
from competitions.marking.ledger import receive_marks
from competitions.marking.models.marks import MarkHead, SheetSignature
from competitions.marking.queries import marks as queries
from competitions.rules.handwriting import Hand
from foundation.clock import new_id
from foundation.db import session
from foundation.refusal import Refusal
from tests.conftest import AT
from tests.factories.marking import Hall, make_hall

DRAWN = json.dumps({"w": 600, "h": 220, "strokes": [[n for x in range(10) for n in (20 + x * 40, 60 + x % 2 * 90)]]})
OURS = {"X-Laurel": "1", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def hall(app: Flask) -> Hall:
    made = make_hall()
    for work in range(2):
        for seat in range(3):
            receive_marks(made.whole(seat, work), actor=made.judges[seat], at=AT)
    return made


def listed(hall: Hall) -> Any:
    return queries.signing_list(
        signing.make_signing_list(hall.panel_id, hall.subs.values(), title="A1", actor=hall.judges[0], at=AT)
    )


def test_a_drawing_is_stored_sealed_and_bound_to_the_hash(hall: Hall) -> None:
    row = listed(hall)
    signing.sign_list(row.id, hall.seats[0], row.hash, hand=Hand("drawn", DRAWN), actor=hall.judges[0], at=AT)
    kept = session().scalars(select(SheetSignature)).one()
    assert (kept.kind, kept.list_hash, kept.drawing.revealed() if kept.drawing else "") == ("drawn", row.hash, DRAWN)
    [raw] = session().execute(text("SELECT drawing FROM sheet_signature")).scalars()
    assert "strokes" not in raw
    with pytest.raises(Refusal, match="signature_empty"):
        dot = json.dumps({"w": 600, "h": 220, "strokes": [[5, 5]]})
        signing.sign_list(row.id, hall.seats[1], row.hash, hand=Hand("drawn", dot), actor=hall.judges[1], at=AT)


def test_a_list_remembers_its_sheets_and_says_what_took_it_back(
    hall: Hall, signed_in: Callable[..., FlaskClient]
) -> None:
    row = listed(hall)
    assert len(queries.places_of_list(row.id)) == 4
    head = session().get_one(MarkHead, (hall.works[1], hall.aspects["B1-1"], hall.seats[2]))
    receive_marks([hall.mark(2, "B1-1", "23", 1, base_id=head.mark_id)], actor=hall.judges[2], at=AT)
    assert len(queries.places_of_list(row.id)) == 4
    page = signed_in(person_id=hall.judges[0].person).get(f"/marking/lists/{row.id}").get_data(as_text=True)
    assert "作品 W3MX 的 B1-1：裁判 3 号的给分已更改。" in page
    assert "sign-form" not in page


def test_the_panel_page_says_why_a_sheet_cannot_be_signed(app: Flask, signed_in: Callable[..., FlaskClient]) -> None:
    hall = make_hall()
    receive_marks(hall.whole(0, 0), actor=hall.judges[0], at=AT)
    receive_marks([hall.mark(1, "A1-1", "0")], actor=hall.judges[1], at=AT)  # another value beside the first
    receive_marks([hall.mark(1, "A1-2", "0"), hall.mark(2, "A1-2", "2")], actor=hall.judges[1], at=AT)
    page = signed_in(person_id=hall.judges[0].person).get(f"/marking/panels/{hall.panel_id}").get_data(as_text=True)
    assert "A1 暂不能签字：还有 2 件作品未完成" in page
    assert "有 1 格存在两个给分，由裁判长裁定。" in page
    assert "有 4 格未填。" in page


def test_a_parcel_of_signatures_is_answered_each_and_never_twice(
    hall: Hall, signed_in: Callable[..., FlaskClient]
) -> None:
    row = listed(hall)
    client = signed_in(person_id=hall.judges[0].person)
    item = {"id": str(new_id()), "list_id": str(row.id), "hash": row.hash, "kind": "drawn", "text": DRAWN, "client_at": AT.isoformat()}  # fmt: skip

    def send(headers: dict[str, str] = OURS, **change: Any) -> Any:
        return client.post("/api/marking/signatures", json={"items": [item | change]}, headers=headers)

    moved = send(hash="0" * 64).get_json()["answers"]
    assert [(one["status"], one["code"]) for one in moved] == [("refused", "list_changed")]
    assert [one["status"] for one in send().get_json()["answers"]] == ["signed"]
    assert [one["status"] for one in send().get_json()["answers"]] == ["duplicate"]
    assert send(headers={}).status_code == 403
    assert send(list_id=str(new_id())).get_json()["answers"][0]["status"] == "refused"
    assert send(list_id="x").get_json()["answers"][0]["status"] == "refused"
    assert client.post("/api/marking/signatures", json=[item], headers=OURS).status_code == 422
    assert list(queries.signatures_of(row.id)) == [hall.seats[0]]
