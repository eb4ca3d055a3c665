"""Photos in bulk: matched by name, filed once, given out without identity numbers; strangers are not given away."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import text

from accounts.access.roles import Role
from competitions.entries.actions import delegations, entering, photos
from competitions.entries.queries import entries
from competitions.entries.queries import photos as queries
from competitions.programme.actions import move_competition, set_rules
from competitions.programme.queries import event as event_row
from competitions.rules.rule_set import RuleSet, rule_set
from foundation.db import session
from foundation.files.queries import file_bytes
from foundation.jobs.actions import run_job
from foundation.permission import MACHINE, Scope, ScopeKind
from foundation.refusal import Conflict, Missing, Refusal
from tests.factories.accounts import make_person
from tests.factories.competitions import make_competition
from tests.factories.entries import archive, member_facts, picture
from tests.factories.rosters import number_of
from tests.factories.rows import make_event

PHOTO = picture()


@pytest.fixture
def place(app: Flask, at: datetime) -> dict[str, Any]:
    competition = make_competition()
    for move in ("announce", "open_registration"):
        move_competition(competition, move, actor=MACHINE, at=at)
    event = make_event(competition, code="HJ", divisions=("worker",))
    return {"competition": competition, "event": event, "at": at, "mine": opened(competition, "本队", at)}


def opened(competition: UUID, name: str, at: datetime) -> UUID:
    return delegations.open_delegation(competition, name, actor=MACHINE, at=at)


def enter(place: dict[str, Any], name: str, serial: int, delegation: UUID | None = None) -> UUID:
    facts = member_facts(name_zh=name, document_number=number_of(serial), unit_name="江州重工")
    division = event_row(place["event"]).divisions[0].id
    sent = delegation or place["mine"]
    return delegations.enter_for(sent, place["event"], division, [facts], actor=MACHINE, at=place["at"])


def send(place: dict[str, Any], files: dict[str, bytes], delegation: UUID | None = None) -> UUID:
    whose = {"delegation_id": delegation or place["mine"]}
    return photos.send_photos(place["competition"], archive(files), **whose, actor=MACHINE, at=place["at"])


def states(batch: UUID) -> list[str]:
    return [line["why"] or line["state"] for line in queries.report_of(queries.photo_batch(batch))]


def has_photo(entry: UUID) -> bool:
    return entries.entry(entry).members[0].person.photo_id is not None


def test_matched_photos_are_cropped_and_filed_and_the_others_named(place: dict[str, Any]) -> None:
    one, two, three = enter(place, "林晓禾", 1), enter(place, "欧阳雨", 2), enter(place, "李䶮", 3)
    number = entries.entry(three).number
    batch = send(place, {f"{number_of(1)}.jpg": PHOTO, "欧阳雨-江州重工.png": PHOTO, f"{number}.jpg": b"no picture",
                         "IMG_1.jpg": PHOTO, "欧阳雨.jpg": PHOTO, "readme.txt": b"x"})  # fmt: skip
    assert states(batch) == ["waits", "waits", "waits", "photo_nobody", "photo_twice", "photo_no_picture"]
    assert [has_photo(entry) for entry in (one, two, three)] == [False] * 3
    photos.accept_photos(batch, replace=False, actor=MACHINE, at=place["at"])
    assert states(batch) == ["filed", "filed", "refused", "photo_nobody", "photo_twice", "photo_no_picture"]
    assert [has_photo(entry) for entry in (one, two, three)] == [True, True, False]
    filed = entries.entry(one).members[0].person.photo_id
    assert filed is not None
    assert Image.open(io.BytesIO(file_bytes(filed))).size == (413, 579)
    assert (
        photos.accept_photos(batch, replace=True, actor=MACHINE, at=place["at"]) is None
    )  # said once more: nothing changes
    with pytest.raises(Refusal, match="file_missing"):
        file_bytes(queries.photo_batch(batch).file_id)  # names and pixels of the archive are gone
    assert number_of(1) not in session().execute(text("SELECT report FROM photo_batch")).scalar_one()


def test_a_photo_on_file_stays_unless_it_is_to_be_replaced(place: dict[str, Any]) -> None:
    entry = enter(place, "林晓禾", 1)
    entering.keep_photo(entry, 1, PHOTO, actor=MACHINE, at=place["at"])
    before = entries.entry(entry).members[0].person.photo_id
    kept = send(place, {"林晓禾.jpg": PHOTO})
    photos.accept_photos(kept, replace=False, actor=MACHINE, at=place["at"])
    assert (states(kept), entries.entry(entry).members[0].person.photo_id) == (["kept"], before)
    replaced = send(place, {"林晓禾.jpg": PHOTO})
    photos.accept_photos(replaced, replace=True, actor=MACHINE, at=place["at"])
    assert states(replaced) == ["filed"]
    assert entries.entry(entry).members[0].person.photo_id != before


def test_a_person_says_whose_an_unmatched_photo_is(place: dict[str, Any]) -> None:
    entry = enter(place, "林晓禾", 1)
    whose = entries.entry(entry).members[0].person_id
    batch = send(place, {"IMG_1.jpg": PHOTO, "IMG_2.jpg": PHOTO, "a.txt": b"x"})
    for given in ({0: make_person()}, {2: whose}, {7: whose}):
        with pytest.raises(Missing):
            photos.assign_photos(batch, given, actor=MACHINE, at=place["at"])
    with pytest.raises(Refusal, match="photo_twice_given"):
        photos.assign_photos(batch, {0: whose, 1: whose}, actor=MACHINE, at=place["at"])
    with pytest.raises(Refusal, match="photos_nobody"):
        photos.accept_photos(batch, replace=False, actor=MACHINE, at=place["at"])
    photos.assign_photos(batch, {1: whose}, actor=MACHINE, at=place["at"])
    photos.accept_photos(batch, replace=False, actor=MACHINE, at=place["at"])
    assert (states(batch), has_photo(entry)) == (["photo_nobody", "filed", "photo_no_picture"], True)
    with pytest.raises(Conflict, match="photos_settled"):
        photos.discard_photos(batch, actor=MACHINE, at=place["at"])


def test_a_large_archive_is_a_job_that_may_be_repeated(place: dict[str, Any]) -> None:
    made = [
        enter(place, f"林晓{'天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏'[serial]}", serial + 1)
        for serial in range(22)
    ]
    names = [entries.entry(entry).members[0].person.name_zh for entry in made]
    batch = send(place, {f"{name}.jpg": PHOTO for name in names})
    from datetime import timedelta

    job = photos.accept_photos(batch, replace=False, actor=MACHINE, at=place["at"])
    assert job is not None
    assert run_job(job, lease=timedelta(seconds=60))
    assert photos.file_photos(batch, replace=False, actor=MACHINE, at=place["at"]) == 22
    assert (states(batch), all(has_photo(entry) for entry in made)) == (["filed"] * 22, True)


def test_the_rule_says_size_ground_and_whether_a_wrong_one_is_filed(place: dict[str, Any]) -> None:
    entry = enter(place, "林晓禾", 1)
    photo = {"width": 295, "height": 413, "ground": "white", "sharpness": 0, "strict": True}
    set_rules(
        place["competition"], rule_set(RuleSet().stored() | {"photo": photo}), basis="", actor=MACHINE, at=place["at"]
    )
    with pytest.raises(Refusal, match="photo_ground_colour"):
        entering.keep_photo(entry, 1, PHOTO, actor=MACHINE, at=place["at"])
    batch = send(place, {"林晓禾.jpg": PHOTO})
    photos.accept_photos(batch, replace=False, actor=MACHINE, at=place["at"])
    assert (states(batch), has_photo(entry)) == (["refused"], False)
    set_rules(
        place["competition"], rule_set(RuleSet().stored() | {"photo": photo | {"strict": False}}), basis="", actor=MACHINE, at=place["at"]
    )  # fmt: skip
    batch = send(place, {"林晓禾.jpg": PHOTO})
    photos.accept_photos(batch, replace=False, actor=MACHINE, at=place["at"])
    [line] = queries.report_of(queries.photo_batch(batch))
    assert (line["state"], line["concerns"]) == ("filed", ["photo_ground_colour"])
    filed = entries.entry(entry).members[0].person.photo_id
    assert filed is not None
    assert Image.open(io.BytesIO(file_bytes(filed))).size == (295, 413)
    for wrong in ({"ground": "green"}, {"width": 5}, {"height": 99999}):
        with pytest.raises(Refusal, match="rule_value_wrong"):
            rule_set(RuleSet().stored() | {"photo": photo | wrong})


def test_photos_do_not_tell_whether_strangers_are_registered(
    app: Flask, place: dict[str, Any], signed_in: Callable[..., FlaskClient]
) -> None:
    """Two worlds: in one the owner of the number and the name is entered by another delegation, with a photo."""
    enter(place, "林晓禾", 1)
    other = opened(place["competition"], "他队", place["at"])
    known = enter(place, "赵海", 2, other)
    entering.keep_photo(known, 1, PHOTO, actor=MACHINE, at=place["at"])
    leader = signed_in(Role.DELEGATION_LEADER, Scope(ScopeKind.DELEGATION, str(place["mine"])))

    def told(stranger: int, name: str) -> list[str]:
        files = {f"{number_of(stranger)}.jpg": PHOTO, f"{name}-江州重工.jpg": PHOTO, "林晓禾.jpg": PHOTO}
        sent = leader.post(
            f"/delegations/{place['mine']}/photos", data={"file": (io.BytesIO(archive(files)), "照片.zip")}
        )
        page = sent.headers["Location"]
        pages = [leader.get(page).text]
        leader.post(f"{page}/accept", data={"replace": "yes"})
        pages.append(leader.get(page).text)
        own = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|csrf_token\" value=\"[^\"]*|\*{14}.{4}|" + name)
        return "\n".join(own.sub("own", text) for text in pages).splitlines()

    assert told(2, "赵海") == told(3, "钱江")
    assert leader.get(f"/delegations/{other}/photos").status_code == 404
    assert leader.get(f"/delegations/{other}/photos.zip").status_code == 404


def test_in_the_browser_from_pictures_to_the_archive_that_goes_out(
    app: Flask, place: dict[str, Any], signed_in: Callable[..., FlaskClient]
) -> None:
    enter(place, "林晓禾", 1)
    organizer = signed_in(Role.ORGANIZER, Scope(ScopeKind.COMPETITION, str(place["competition"])))
    page = f"/competitions/{place['competition']}/photos"
    assert organizer.get(f"{page}.zip").status_code == 422
    assert organizer.post(page, data={}).status_code == 422
    assert organizer.post(page, data={"file": (io.BytesIO(b"MZ"), "a.zip")}).status_code == 422
    two = [(io.BytesIO(PHOTO), f"{number_of(1)}.jpg"), (io.BytesIO(PHOTO), "IMG.jpg")]
    batch = organizer.post(page, data={"file": two}).headers["Location"]
    shown = organizer.get(batch).text
    assert (number_of(1) in shown, number_of(1)[-4:] in shown) == (False, True)
    assert organizer.post(f"{batch}/accept").status_code == 302
    with organizer.get(f"{page}.zip") as answer:
        out = zipfile.ZipFile(io.BytesIO(answer.data))
    assert out.namelist() == ["HJ-0001-林晓禾-江州重工.jpg"]
    rule = {"size": "one_inch", "ground": "white", "sharp": "y"}
    assert organizer.post(f"{page}/rule", data=rule).status_code == 302
    assert "295 × 413" in organizer.get(page).text
    assert organizer.post(f"{page}/rule", data={"size": "huge"}).status_code == 422
    assert "295" in organizer.get(f"/competitions/{place['competition']}/rules").text
