"""A signature is a signature: wide enough, within its field, numbers alone; a typed name is the signer's own."""

from __future__ import annotations

import json
from typing import Any

import pytest

from competitions.rules.handwriting import LONGEST, Hand, checked_hand, read_drawing, svg
from foundation.refusal import Refusal


def drawn(strokes: Any, width: int = 600) -> Hand:
    return Hand("drawn", json.dumps({"w": width, "h": 220, "strokes": strokes}))


WIDE = [[10, 100, 60, 20, 110, 100, 160, 20, 210, 100, 260, 20, 310, 100, 360, 20]]


def test_a_wide_stroke_is_a_signature() -> None:
    assert checked_hand(drawn(WIDE), ("王强",)) == drawn(WIDE)
    assert svg(drawn(WIDE).text).startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 220">')


@pytest.mark.parametrize("strokes", [[], [[]], [[10, 10]], [[10, 10] * 9], [[10, 10, 11, 11] * 5]])
def test_nothing_or_a_dot_is_none(strokes: Any) -> None:
    with pytest.raises(Refusal, match="signature_empty"):
        checked_hand(drawn(strokes), ("王强",))


@pytest.mark.parametrize(
    "text",
    [
        "", "null", "[]", "{}", '{"w":1}', drawn([[1]]).text, drawn([[1, 2, 3]]).text, drawn([[1.5, 2]]).text, drawn([["1", 2]]).text,
        drawn([[700, 2]]).text, drawn([[-1, 2]]).text, drawn(WIDE, width=0).text, drawn("x").text, "[" * 5000, " " * (LONGEST + 1),
        '{"w":600,"h":220,"strokes":[[1,true]]}', '{"w":"<b>","h":2,"strokes":[]}',
    ],
)  # fmt: skip
def test_anything_else_is_refused_and_never_drawn(text: str) -> None:
    with pytest.raises(Refusal, match="signature_malformed"):
        read_drawing(text)


def test_a_typed_name_is_the_signers_own() -> None:
    assert checked_hand(Hand("typed", " 王 强"), ("王强", "")).kind == "typed"
    assert checked_hand(Hand("typed", "wang  QIANG"), ("王强", "Wang Qiang")).kind == "typed"
    for wrong in ("", "李芳", "王"):
        with pytest.raises(Refusal, match="signature_name_differs"):
            checked_hand(Hand("typed", wrong), ("王强", ""))
    with pytest.raises(Refusal, match="signature_malformed"):
        checked_hand(Hand("paper", "x"), ("王强",))
