"""Who sees what: strangers nothing, candidates themselves, lower roles no numbers."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import openpyxl
import pypdfium2
import pytest
import segno
from flask import Flask
from flask.testing import FlaskClient

from accounts.access.roles import Role
from competitions.entries.actions import entering as actions
from competitions.entries.actions.check_in import doubt_identity, settle_note
from competitions.entries.queries import entries as queries
from competitions.entries.queries.check_in import notes_of_entry
from competitions.programme.actions import move_competition
from competitions.programme.queries import event as event_row
from foundation.audit.queries import entries_of_chain
from foundation.permission import MACHINE, Scope, ScopeKind
from tests.factories.competitions import make_competition
from tests.factories.entries import identity_number, member_facts, picture
from tests.factories.rows import make_event

PHONE = "13876543210"


@pytest.fixture
def place(app: Flask, at: datetime) -> dict[str, Any]:
    competition = make_competition()
    for move in ("announce", "open_registration"):
        move_competition(competition, move, actor=MACHINE, at=at)
    event = make_event(competition, code="HJ")
    number = identity_number()
    facts = member_facts(document_number=number, phone=PHONE)
    entry = actions.enter(event, event_row(event).divisions[0].id, [facts], actor=MACHINE, at=at)
    actions.keep_photo(entry, 1, picture(), actor=MACHINE, at=at)
    actions.review_entry(entry, "accept", actor=MACHINE, at=at)
    actions.issue_passes(event, actor=MACHINE, at=at)
    return {"competition": competition, "event": event, "entry": entry, "number": number,
            "division": event_row(event).divisions[0].id, "person": queries.entry(entry).members[0].person_id}  # fmt: skip


def pages(place: dict[str, Any]) -> list[str]:
    return [f"/competitions/{place['competition']}/entries", f"/entries/{place['entry']}",
            f"/events/{place['event']}/check-in", f"/entries/{place['entry']}/check-in"]  # fmt: skip


def test_lower_roles_see_neither_number_nor_phone(
    place: dict[str, Any], signed_in: Callable[..., FlaskClient], caplog: pytest.LogCaptureFixture
) -> None:
    scope = Scope(ScopeKind.COMPETITION, str(place["competition"]))
    for role in (Role.TALLY_CLERK, Role.SUPERVISOR, Role.ORGANIZER):
        client = signed_in(role, scope)
        for page in pages(place):
            answer = client.get(page)
            assert answer.status_code == 200
            assert place["number"] not in answer.text
            assert PHONE not in answer.text
    chief = signed_in(Role.CHIEF_JUDGE, scope)
    assert [chief.get(page).status_code for page in pages(place)] == [404] * 4
    assert place["number"] not in caplog.text


def test_revealing_needs_its_permission_and_is_noted(
    place: dict[str, Any], signed_in: Callable[..., FlaskClient]
) -> None:
    scope = Scope(ScopeKind.COMPETITION, str(place["competition"]))
    address = f"/entries/{place['entry']}/members/1/reveal"
    assert signed_in(Role.SUPERVISOR, scope).post(address).status_code == 404
    assert place["number"] in signed_in(Role.ORGANIZER, scope).post(address).text
    log = entries_of_chain(f"competition:{place['competition']}")
    assert "entry:identity_revealed" in {entry.verb for entry in log}


def test_the_export_masks_numbers_unless_asked_in_clear(
    place: dict[str, Any], signed_in: Callable[..., FlaskClient]
) -> None:
    client = signed_in(Role.ORGANIZER, Scope(ScopeKind.COMPETITION, str(place["competition"])))

    def cells(query: str) -> str:
        data = client.get(f"/competitions/{place['competition']}/entries.xlsx{query}").data
        return str([[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(data)).active])

    assert place["number"] not in cells("")
    assert PHONE not in cells("")
    assert place["number"] in cells("?clear=yes")


def test_candidate_a_never_sees_b(place: dict[str, Any], signed_in: Callable[..., FlaskClient]) -> None:
    own, other = signed_in(person_id=place["person"]), signed_in()
    for page in ("", "/pass.pdf", "/pass.png"):
        assert other.get(f"/my/entries/{place['entry']}{page}").status_code == 404
    for act in ("facts", "photo", "consent", "submit", "withdraw"):
        assert other.post(f"/my/entries/{place['entry']}/{act}").status_code == 404
    assert own.get(f"/my/entries/{place['entry']}").status_code == 200
    assert own.get(f"/my/entries/{place['entry']}/pass.pdf").data.startswith(b"%PDF")
    assert "林晓禾" in own.get("/my").text
    assert "林晓禾" not in other.get("/my").text
    assert own.get(f"/entries/{place['entry']}").status_code == 404


def test_a_stranger_learns_nothing_from_the_claim_page(place: dict[str, Any], client: FlaskClient) -> None:
    def answer(name: str, number: str) -> str:
        given = {"code": "22222-22222", "name": name, "document_kind": "resident_identity_card",
                 "identity_number": number, "user_name": "stranger", "new_password": "guihuaxiang", "again": "guihuaxiang"}  # fmt: skip
        got = client.post("/claim", data=given)
        assert got.status_code == 422
        return got.text.replace(name, "").replace(number, "")

    assert answer("林晓禾", place["number"]) == answer("周敏", identity_number())


def test_what_was_typed_survives_an_expired_session(place: dict[str, Any], client: FlaskClient) -> None:
    answer = client.post(
        f"/events/{place['event']}/entries/new", data={"m1-name_zh": "欧阳雨", "m1-unit_name": "江州重工"}
    )
    assert answer.status_code == 401
    assert "欧阳雨" in answer.text
    assert "江州重工" in answer.text


def test_what_was_typed_survives_an_error(place: dict[str, Any], signed_in: Callable[..., FlaskClient]) -> None:
    client = signed_in(Role.ORGANIZER, Scope(ScopeKind.COMPETITION, str(place["competition"])))
    data = {"division_id": str(place["division"]), "m1-name_zh": "欧阳雨", "m1-document_kind": "resident_identity_card",
            "m1-identity_number": "320102199005010010", "m1-identity_class": "worker", "m1-unit_name": "江州重工"}  # fmt: skip
    answer = client.post(f"/events/{place['event']}/entries/new", data=data)
    assert answer.status_code == 422
    assert "欧阳雨" in answer.text
    assert "江州重工" in answer.text
    assert len(queries.entries_of_event(place["event"])) == 1


def test_registering_on_the_phone_makes_an_account_and_a_draft(place: dict[str, Any], client: FlaskClient) -> None:
    data = {"place": f"{place['event']}/{place['division']}", "name_zh": "何小满", "document_kind": "resident_identity_card",
            "identity_number": identity_number(), "identity_class": "worker", "phone": "13911112222",
            "new_password": "guihuaxiang", "again": "guihuaxiang"}  # fmt: skip
    answer = client.post(f"/register/{place['competition']}", data=data)
    assert (answer.status_code, answer.headers["Location"].startswith("/my/entries/")) == (302, True)
    assert "何小满" in client.get(answer.headers["Location"]).text
    assert client.get("/home").headers["Location"] == "/my"


def test_what_a_certificate_needs_is_not_called_optional(place: dict[str, Any], client: FlaskClient) -> None:
    page = client.get(f"/register/{place['competition']}").text
    labels = {match[1]: match[2] for match in re.finditer(r'<label class="form-label" for="(\w+)">(.*?)</label>', page)}
    needed = {name for name, label in labels.items() if "办证需要" in label}
    assert needed == {
        "document_kind", "identity_number", "birth_date", "sex", "ethnic_group", "education", "phone", "address", "unit_name",
        "years_in_trade",
    }  # fmt: skip
    assert "选填" not in labels["held_number"]
    assert "选填" in labels["name_en"]
    assert labels["name_zh"].startswith("姓名")


def test_a_draft_competition_is_not_shown_to_strangers(client: FlaskClient, app: Flask) -> None:
    assert client.get(f"/register/{make_competition()}").status_code == 404


def test_papers_are_printed(place: dict[str, Any], signed_in: Callable[..., FlaskClient]) -> None:
    client = signed_in(Role.ORGANIZER, Scope(ScopeKind.COMPETITION, str(place["competition"])))
    papers: list[tuple[str, str]] = [
        ("post", f"/events/{place['event']}/slips"), ("get", f"/events/{place['event']}/passes.pdf"),
        ("get", f"/events/{place['event']}/check-in.pdf"), ("get", f"/entries/{place['entry']}/pass.pdf"),
        ("post", f"/entries/{place['entry']}/slips"),
    ]  # fmt: skip
    for method, address in papers:
        assert getattr(client, method)(address).data.startswith(b"%PDF"), address


def test_the_check_in_buttons(place: dict[str, Any], signed_in: Callable[..., FlaskClient]) -> None:
    client = signed_in(Role.TALLY_CLERK, Scope(ScopeKind.EVENT, str(place["event"])))
    address = f"/entries/{place['entry']}/check-in"
    assert client.post(address, data={"attendance": "present", "back": "list"}).status_code == 302
    assert client.get(f"/events/{place['event']}/check-in/counts").json["present"] == 1
    assert client.post(address, data={"attendance": "absent"}).status_code == 422


def test_two_of_one_name_are_told_apart_by_their_unit(
    place: dict[str, Any], signed_in: Callable[..., FlaskClient], at: datetime
) -> None:
    key: UUID = place["division"]
    actions.enter(place["event"], key, [member_facts(unit_name="江州技师学院")], actor=MACHINE, at=at)
    client = signed_in(Role.ORGANIZER, Scope(ScopeKind.COMPETITION, str(place["competition"])))
    text = client.get(f"/competitions/{place['competition']}/entries").text
    assert (text.count("林晓禾"), "江州重工" in text, "江州技师学院" in text) == (2, True, True)


# --- the door ---------------------------------------------------------------------------------------------------------


def send_notes(client: FlaskClient, *items: dict[str, Any], **headers: str) -> Any:
    return client.post("/api/check-in", json={"items": list(items)}, headers={"X-Laurel": "1", **headers})


def test_a_door_sends_notes_once_and_hears_how_things_stand(
    place: dict[str, Any], signed_in: Callable[..., FlaskClient], at: datetime
) -> None:
    scope = Scope(ScopeKind.EVENT, str(place["event"]))
    clerk = signed_in(Role.TALLY_CLERK, scope)
    item = {"id": "6b1f8e3a-0d8c-4a53-8f0e-1d2c3b4a5f60", "entry_id": str(place["entry"]), "step": "present",
            "client_at": at.isoformat()}  # fmt: skip
    first, again = (send_notes(clerk, item).get_json()["answers"][0] for _ in range(2))
    assert (first["status"], first["repeated"], first["state"]["attendance"]) == ("received", False, "present")
    assert (again["status"], again["repeated"], again["state"]["head"]) == ("received", True, item["id"])
    assert (
        clerk.get(f"/events/{place['event']}/door/states.json").get_json()["states"][str(place["entry"])]
        == first["state"]
    )
    strange = send_notes(
        clerk, {**item, "id": "6b1f8e3a-0d8c-4a53-8f0e-1d2c3b4a5f61", "entry_id": item["id"]}
    ).get_json()
    assert strange["answers"][0]["status"] == "refused"
    assert clerk.post("/api/check-in", json={"items": [item]}).status_code == 403  # no page of ours
    assert signed_in(Role.JUDGE, scope).post("/api/check-in", json={"items": [item]}).status_code == 403


def test_the_list_on_a_device_tells_no_number(place: dict[str, Any], signed_in: Callable[..., FlaskClient]) -> None:
    clerk = signed_in(Role.TALLY_CLERK, Scope(ScopeKind.EVENT, str(place["event"])))
    told = clerk.get(f"/events/{place['event']}/door/list.json").text
    assert place["number"][-4:] in told
    for secret in (place["number"], place["number"][-6:], PHONE, "学府路"):
        assert secret not in told
    page = clerk.get(f"/events/{place['event']}/door").text
    assert "林晓禾" not in page
    member = queries.entry(place["entry"]).members[0].id
    photo = clerk.get(f"/events/{place['event']}/door/photos/{member}.jpg")
    assert (photo.status_code, photo.mimetype) == (200, "image/jpeg")
    assert len(photo.data) < 20_000
    assert clerk.get(f"/events/{place['event']}/door/photos/{place['entry']}.jpg").status_code == 404


def test_a_frame_is_read_and_not_kept(place: dict[str, Any], signed_in: Callable[..., FlaskClient]) -> None:
    clerk = signed_in(Role.TALLY_CLERK, Scope(ScopeKind.EVENT, str(place["event"])))
    frame = io.BytesIO()
    segno.make(f"https://laurel.test/entries/{place['entry']}/check-in").save(frame, kind="png", scale=5)
    address = f"/api/events/{place['event']}/door/read"
    read = clerk.post(address, data=frame.getvalue(), headers={"X-Laurel": "1"})
    assert read.get_json() == {"codes": [f"https://laurel.test/entries/{place['entry']}/check-in"]}
    assert clerk.post(address, data=b"no picture", headers={"X-Laurel": "1"}).status_code == 422
    assert clerk.post(address, data=frame.getvalue()).status_code == 403


def test_the_check_in_list_on_paper_has_faces_and_ends_of_numbers(
    place: dict[str, Any], signed_in: Callable[..., FlaskClient]
) -> None:
    clerk = signed_in(Role.TALLY_CLERK, Scope(ScopeKind.EVENT, str(place["event"])))
    paper = clerk.get(f"/events/{place['event']}/check-in.pdf").data
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(paper))
    assert place["number"][-4:] in text
    assert place["number"] not in text
    assert "林晓禾" in text


# --- what is next -----------------------------------------------------------------------------------------------------


def test_the_candidate_reads_what_is_next_on_the_day(
    place: dict[str, Any], signed_in: Callable[..., FlaskClient], at: datetime
) -> None:
    own = signed_in(person_id=place["person"])
    pages = ("/my", f"/my/entries/{place['entry']}")
    assert [("请携带参赛证和身份证件前往检录" in own.get(page).text) for page in pages] == [True, True]
    doubt_identity(place["entry"], reason="与照片不符", actor=MACHINE, at=at)
    assert [("正在核实您的身份" in own.get(page).text) for page in pages] == [True, True]
    assert "与照片不符" not in own.get("/my").text
    settle_note(notes_of_entry(place["entry"])[0].id, "present", reason="核实", actor=MACHINE, at=at)
    for page in pages:
        for language in ("zh", "en"):
            text = own.get(f"{page}?lang={language}").text
            assert ("You are checked in." if language == "en" else "已完成检录") in text
