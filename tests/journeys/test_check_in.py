"""Forty people come to the door: by camera, scanner and search, one late, one absent, one who is somebody else, and the network
goes away in between."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import segno
from flask import Flask
from PIL import Image

from accounts.access.roles import Role
from competitions.entries.actions import check_in, entering
from competitions.entries.models.entries import Attendance, Entry
from competitions.entries.queries import check_in as queries
from competitions.entries.queries import entries
from competitions.programme.actions import move_competition
from competitions.programme.queries import event as event_row
from foundation.clock import now
from foundation.db import db, transaction
from foundation.permission import MACHINE, Scope, ScopeKind
from tests.factories.accounts import make_grant, make_person
from tests.factories.competitions import make_competition
from tests.factories.entries import picture
from tests.factories.rows import make_entry, make_event
from tests.journeys.test_marking import open_as
from tests.journeys.test_set_up import PICTURES, serious
from tests.journeys.test_tablet import Place, place, tablet  # noqa: F401 - fixtures

PHONE = {"width": 390, "height": 844}
NAMES = tuple(f"{one}{two}" for one in "王李张刘陈杨赵黄" for two in ("晓禾", "建国", "志强", "海燕", "立新"))


def make_forty() -> tuple[UUID, list[UUID]]:
    """An event with forty accepted entries with photos, in a competition that begins."""
    competition = make_competition(venue="江州会展中心")
    event = make_event(competition, code="HJ")
    made = []
    for name in NAMES:
        key = make_entry(event, name=name)
        entering.keep_photo(key, 1, picture(300, 420), actor=MACHINE, at=now())
        made.append(key)
    with transaction() as writing:
        for place_, key in enumerate(made, start=1):
            row = writing.get_one(Entry, key)
            row.attendance, row.pass_number = "expected", f"HJ{place_:03d}"
    for move in ("announce", "open_registration", "close_registration", "start"):
        move_competition(competition, move, actor=MACHINE, at=now())
    return event, made


def camera_film(folder: Path, text: str) -> Path:
    """What a fake camera sees: a pass held into the frame."""
    code = io.BytesIO()
    segno.make(text).save(code, kind="png", scale=6, border=4)
    frame = Image.new("RGB", (640, 480), "#8a8f94")
    with Image.open(code) as shown:
        frame.paste(shown.convert("RGB"), (140, 60))
    picture_ = io.BytesIO()
    frame.save(picture_, "JPEG", quality=92)
    film = folder / "camera.mjpeg"
    film.write_bytes(picture_.getvalue() * 30)
    return film


def counts(event: UUID) -> dict[str, int]:
    db.session.rollback()
    return entries.attendance_counts(event)


@pytest.mark.browser
@pytest.mark.timeout(300)
def test_forty_come_to_the_door_and_the_network_goes_away(
    app: Flask,
    place: Place,  # noqa: F811
    tablet: Callable[..., Any],  # noqa: F811
    chromium: Any,
    tmp_path: Path,
) -> None:
    event, forty = make_forty()
    scope = Scope(ScopeKind.COMPETITION, str(event_row(event).competition_id))
    clerk, organizer = make_person("陆晴"), make_person("周敏")
    make_grant(clerk, Role.TALLY_CLERK, scope)
    make_grant(organizer, Role.ORGANIZER, scope)
    film = camera_film(tmp_path, f"https://laurel.test/entries/{forty[0]}/check-in")
    context = tablet(
        clerk, size=PHONE,
        extra=("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}"),
    )  # fmt: skip
    page = context.pages[0]
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{place.address}/events/{event}/door")
    page.locator("body[data-kept=yes]").wait_for()
    page.screenshot(path=PICTURES / "door-zh.png")

    # By camera: the pass is held into the frame.
    page.locator("#camera").click()
    page.locator("#card").wait_for()
    assert NAMES[0] in page.locator("#card").inner_text()
    page.screenshot(path=PICTURES / "door-card-zh.png", full_page=True)
    assert serious(page) == []
    page.locator("#card [data-step=present]").click()
    sent(page)
    assert counts(event)["present"] == 1

    # By scanner, which types a line and presses Enter: the whole address, a number in full-width characters; Enter again notes.
    for number, typed in ((1, f"https://laurel.test/entries/{forty[1]}/check-in"), (2, "ＨＪ００３")):
        page.locator("#q").fill(typed)
        page.keyboard.press("Enter")
        assert NAMES[number] in page.locator("#card h2").inner_text()
        page.locator("#card [data-step=present]").click()
    # By search: initials; several fit, one is chosen.
    page.locator("#q").fill("wjg")
    page.locator("#list li").first.wait_for()
    assert page.locator("#list li").count() == 1
    page.locator("#q").fill("ljg")  # 李建国 and 刘建国
    page.keyboard.press("Enter")
    page.get_by_text("有多人符合").wait_for()
    page.locator(f"[data-entry='{forty[6]}']").click()
    page.locator("#card [data-step=present]").click()
    page.locator("#q").fill("没有这个人")
    page.keyboard.press("Enter")
    page.get_by_text("名单中没有该参赛证或姓名").wait_for()
    page.locator("#q").fill("")
    sent(page)
    assert counts(event)["present"] == 4

    # The network goes away; the page is opened anew on the phone and knows everybody.
    context.set_offline(True)
    place.stop()
    page.goto(f"{place.address}/events/{event}/door")
    page.locator("body[data-ready=yes]").wait_for()
    assert page.locator("#light").get_attribute("data-state") == "offline"
    note(page, forty[4], "present")
    photo = page.locator(f"[data-entry='{forty[5]}']")
    photo.click()
    page.locator("#card img").evaluate("(one) => one.decode()")  # the photo is on the phone
    page.locator("#card-close").click()
    note(page, forty[7], "late")
    note(page, forty[8], "absent")
    page.locator(f"[data-entry='{forty[9]}']").click()
    page.locator("#card [data-step=mismatch]").click()
    page.screenshot(path=PICTURES / "door-mismatch-zh.png", full_page=True)
    page.get_by_role("button", name="面貌与照片不符").click()
    note(page, forty[10], "present")  # and another door says the opposite meanwhile
    page.locator(f"[data-entry='{forty[4]}']").click()  # a slip of the hand, taken back with a reason, then right
    page.locator("#card [data-step=undo]").click()
    page.get_by_role("button", name="误点").click()
    note(page, forty[4], "present")
    assert page.locator("#light").inner_text().endswith("7")
    page.screenshot(path=PICTURES / "door-offline-zh.png", full_page=True)
    assert counts(event)["expected"] == 36
    check_in.note_attendance(forty[10], Attendance.ABSENT, actor=MACHINE, at=now())

    place.start()
    context.set_offline(False)
    sent(page)
    assert counts(event) == {"expected": 32, "present": 5, "late": 1, "absent": 2, "stopped": 0}
    assert [line.note.step for line in queries.history(forty[4])] == ["present", "undo", "present"]
    waiting = {(one.entry.id, one.note.step) for one in queries.waiting_in(event)}
    assert waiting == {(forty[9], "mismatch"), (forty[10], "present")}
    for key in forty[11:]:
        if key != forty[20]:
            page.locator("#q").fill(str(entry_number(key)))
            page.keyboard.press("Enter")
            page.locator("#card [data-step=present]").click()
    for key in (forty[3], forty[5]):
        note(page, key, "present")
    sent(page)
    assert counts(event) == {"expected": 2, "present": 35, "late": 1, "absent": 2, "stopped": 0}
    for language in ("en", "zh"):
        page.goto(f"{place.address}/events/{event}/door?lang={language}")
        page.locator("body[data-ready=yes]").wait_for()
        for size in (PHONE, {"width": 768, "height": 1024}):
            page.set_viewport_size(size)
            assert serious(page) == [], (language, size)
            page.screenshot(path=PICTURES / f"door-{language}-{size['width']}.png")
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (language, size)
    assert errors == []


def entry_number(key: UUID) -> str:
    return str(entries.entry(key).pass_number)


def note(page: Any, key: UUID, step: str) -> None:
    page.locator(f"[data-entry='{key}']").click()
    page.locator(f"#card [data-step={step}]").click()
    page.locator("#card").wait_for(state="hidden")


def sent(page: Any) -> None:
    page.locator("#light[data-state=sent]").wait_for()


@pytest.mark.browser
def test_the_desk_decides_closes_and_prints(app: Flask, server: str, chromium: Any) -> None:
    event, forty = make_forty()
    scope = Scope(ScopeKind.COMPETITION, str(event_row(event).competition_id))
    organizer, clerk = make_person("周敏"), make_person("陆晴")
    make_grant(organizer, Role.ORGANIZER, scope)
    make_grant(clerk, Role.TALLY_CLERK, scope)
    for key in forty[:36]:
        check_in.note_attendance(key, Attendance.PRESENT, actor=MACHINE, at=now())
    check_in.note_attendance(forty[36], Attendance.LATE, note="迟到 12 分钟", actor=MACHINE, at=now())
    for key in forty[37:39]:
        check_in.doubt_identity(key, reason="面貌与照片不符", actor=MACHINE, at=now())
    seen = open_as(chromium, app, server, clerk, {"width": 1440, "height": 900})
    seen.goto(f"{server}/events/{event}/check-in")
    assert (
        seen.get_by_role("button", name="核实放行", exact=True).count() == 0
    )  # a clerk sees it; the organizer decides
    page = open_as(chromium, app, server, organizer, {"width": 1440, "height": 900})
    page.goto(f"{server}/events/{event}/check-in")
    page.screenshot(path=PICTURES / "check-in-desk-zh.png")
    first = page.locator(".to-decide li").filter(has_text=NAMES[37])
    first.get_by_placeholder("理由").fill("公安系统核验一致")
    first.get_by_role("button", name="核实放行", exact=True).click()
    page.get_by_text("已决定").wait_for()
    second = page.locator(".to-decide li").filter(has_text=NAMES[38])
    second.get_by_placeholder("理由").fill("替考，移交监督")
    second.get_by_role("button", name="不予入场").click()
    page.get_by_text("已决定").wait_for()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="结束检录").click()
    page.get_by_text("记为缺席。").wait_for()
    assert counts(event) == {"expected": 0, "present": 37, "late": 1, "absent": 2, "stopped": 0}
    assert "参赛基数38" in page.get_by_role("main").inner_text().replace(" ", "")
    for address in (f"/events/{event}/check-in", f"/entries/{forty[38]}/check-in"):
        for language in ("en", "zh"):
            for size in ({"width": 1440, "height": 900}, PHONE):
                page.set_viewport_size(size)
                page.goto(f"{server}{address}?lang={language}")
                assert serious(page) == [], (address, language, size)
                assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (address, size)
    page.screenshot(path=PICTURES / "check-in-one-zh.png", full_page=True)
    assert page.errors == seen.errors == []
