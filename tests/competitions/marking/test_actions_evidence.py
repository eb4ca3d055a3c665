"""A photo arrives in parts that may stop, repeat and go on; only the chief judge looks at it; drawings lie with the judges."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from competitions.marking.actions.evidence import (
    PART,
    add_drawing,
    begin_photo,
    remove_drawing,
    take_part,
)
from competitions.marking.queries import evidence as queries
from foundation.clock import new_id
from foundation.files.queries import file_bytes
from foundation.refusal import Missing, Refusal
from tests.conftest import AT
from tests.factories.marking import Hall, make_hall
from tests.factories.pictures import facts_of, filed_photo, picture


@pytest.fixture
def hall(app: Flask) -> Hall:
    return make_hall(works=1)


def test_an_upload_goes_on_where_it_stopped(hall: Hall) -> None:
    data, key, judge = picture(400, 300), new_id(), hall.judges[0]
    assert PART < len(data) < 3 * PART
    facts = facts_of(hall, data)

    def send(start: int, part: bytes) -> int:
        return take_part(key, start, part, actor=judge, at=AT)

    assert begin_photo(key, facts, actor=judge, at=AT) == 0
    assert send(PART, data[PART : 2 * PART]) == 0  # too early
    assert send(0, data[:100]) == 0  # cut off on its way
    assert send(0, data[:PART]) == PART
    assert send(0, data[:PART]) == PART  # again
    assert begin_photo(key, facts, actor=judge, at=AT) == PART
    with pytest.raises(Missing):
        take_part(key, PART, data[PART : 2 * PART], actor=hall.judges[1], at=AT)
    received = PART
    while received < len(data):
        received = send(received, data[received : received + PART])
    assert received == len(data)
    assert send(0, data[:PART]) == len(data)
    [row] = queries.photos_of(hall.event_id)
    assert (row.id, row.aspect) == (key, "A1-2")
    kept = Image.open(io.BytesIO(file_bytes(queries.file_of_photo(key))))
    assert (kept.size, kept.format) == ((400, 300), "JPEG")


def test_a_photo_that_is_not_what_was_announced_begins_again(hall: Hall) -> None:
    data, key = picture(), new_id()
    begin_photo(key, facts_of(hall, data), actor=hall.judges[0], at=AT)
    assert take_part(key, 0, bytes(len(data)), actor=hall.judges[0], at=AT) == 0
    with pytest.raises(Missing):
        queries.file_of_photo(key)
    assert take_part(key, 0, data, actor=hall.judges[0], at=AT) == len(data)


def test_only_a_seated_judge_sends_and_only_the_chief_looks(hall: Hall, signed_in: Callable[..., FlaskClient]) -> None:
    with pytest.raises(Refusal, match="not_seated"):
        begin_photo(new_id(), facts_of(hall, picture()), actor=hall.chief, at=AT)
    key = filed_photo(hall)
    assert signed_in(person_id=hall.chief.person).get(f"/marking/photos/{key}").status_code == 200
    for judge in hall.judges[:2]:
        assert signed_in(person_id=judge.person).get(f"/marking/photos/{key}").status_code == 404
    page = signed_in(person_id=hall.chief.person).get(f"/events/{hall.event_id}/marking").get_data(as_text=True)
    assert f"/marking/photos/{key}" in page


def test_drawings_lie_on_the_sheets_until_they_are_removed(hall: Hall, signed_in: Callable[..., FlaskClient]) -> None:
    with pytest.raises(Refusal, match="photo_not_readable"):
        add_drawing(hall.event_id, b"%PDF-1.7", title="总图", actor=hall.chief, at=AT)
    with pytest.raises(Refusal, match="drawing_untitled"):
        add_drawing(hall.event_id, picture(kind="PNG"), title=" ", actor=hall.chief, at=AT)
    whole = add_drawing(hall.event_id, picture(kind="PNG"), title="总图", actor=hall.chief, at=AT)
    single = add_drawing(hall.event_id, picture(), title="焊缝详图", aspect_code="A1-2", actor=hall.chief, at=AT)
    judge = signed_in(person_id=hall.judges[0].person)
    sheet = f"/marking/panels/{hall.panel_id}/works/{hall.works[0]}/{hall.subs['A1']}"
    text = judge.get(sheet).get_data(as_text=True)
    assert (text.count(f'data-drawing="/marking/drawings/{whole}"'), text.count(str(single))) == (2, 1)
    assert str(single) in judge.get("/marking").get_data(as_text=True)  # kept on the tablet
    assert judge.get(f"/marking/drawings/{single}").status_code == 200
    other = make_hall(works=1)
    assert signed_in(person_id=other.judges[0].person).get(f"/marking/drawings/{single}").status_code == 404
    remove_drawing(single, actor=hall.chief, at=AT)
    assert str(single) not in judge.get(sheet).get_data(as_text=True)
    assert judge.get(f"/marking/drawings/{single}").status_code == 404
