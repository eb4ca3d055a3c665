"""A tablet over trusted HTTPS from a host that is not localhost: a day without network, and nothing lost or sent twice."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from flask import Flask, request
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from werkzeug.serving import make_server

from accounts.sign_in.models import SignInSession
from accounts.sign_in.queries import devices_in
from competitions.judges.models import PanelSeat
from competitions.marking.actions.tablets import offer_pairing
from competitions.marking.ledger import MarkBody, body_hash
from competitions.marking.models.marks import Mark
from competitions.marking.queries.checks import checked_tablets
from foundation import tls
from foundation.clock import now
from foundation.db import db, session, transaction
from tests.factories.accounts import make_session
from tests.factories.marking import Hall, make_hall
from tests.journeys.test_marking import open_as
from tests.journeys.test_set_up import PICTURES, serious

HOST = "hall.test"
TABLET = {"width": 768, "height": 1024}


@dataclass
class Place:
    """The server of a hall that can be stopped, started and made to wait before it commits a batch."""

    app: Flask
    papers: tls.Papers
    port: int = 0
    serving: Any = None
    thread: Any = None

    def start(self) -> None:
        self.serving = make_server(
            "127.0.0.1",
            self.port,
            self.app,
            threaded=True,
            ssl_context=(str(self.papers.server), str(self.papers.server_key)),
        )
        self.port = self.serving.server_port
        self.thread = threading.Thread(target=self.serving.serve_forever, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.serving.shutdown()
        self.thread.join()
        self.serving.server_close()

    @property
    def address(self) -> str:
        return f"https://{HOST}:{self.port}"


@pytest.fixture
def place(app: Flask, tmp_path: Path) -> Iterator[Place]:
    papers = tls.Papers(tmp_path)
    tls.make(papers, [HOST], ["127.0.0.1"], at=datetime.now(UTC))
    app.config["WTF_CSRF_ENABLED"] = True
    made = Place(app, papers)
    made.start()
    yield made
    made.stop()
    app.config["WTF_CSRF_ENABLED"] = False


def _left(lock: Path) -> None:
    """Wait until the browser that was closed has let go of its profile; one that hangs is ended as a dead battery would."""
    until = monotonic() + 10
    while lock.is_symlink() and monotonic() < until:
        threading.Event().wait(0.05)
    if lock.is_symlink():
        with suppress(ProcessLookupError):
            os.kill(int(str(lock.readlink()).rsplit("-", 1)[1]), signal.SIGKILL)
        lock.unlink(missing_ok=True)


@pytest.fixture
def tablet(place: Place, chromium: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """`tablet()` opens the same tablet again: its profile lives on; its store of authorities holds the hall's, by certutil."""
    home = tmp_path / "home"
    store = home / ".pki" / "nssdb"
    store.mkdir(parents=True)
    for arguments in (
        ("-N", "--empty-password"),
        ("-A", "-t", "C,,", "-n", "laurel", "-i", str(place.papers.authority)),
    ):
        subprocess.run(["certutil", "-d", f"sql:{store}", *arguments], check=True)
    opened: list[Any] = []

    def open_again(
        person: Any = None, *, size: dict[str, int] = TABLET, extra: tuple[str, ...] = (), name: str = "profile"
    ) -> Any:
        _left(tmp_path / name / "SingletonLock")
        context = chromium.browser_type.launch_persistent_context(
            str(tmp_path / name), executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), viewport=size,
            locale="zh-CN", env={**os.environ, "HOME": str(home)},
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--lang=zh-CN",
                  f"--host-resolver-rules=MAP {HOST} 127.0.0.1", *extra],
        )  # fmt: skip
        if person is not None:
            client = place.app.test_client()
            token = make_session(person)
            with client.session_transaction() as cookie:
                cookie["_user_id"], cookie["_fresh"] = token, True
            cookie_name = place.app.config["SESSION_COOKIE_NAME"]
            kept = next(one for key, one in client._cookies.items() if key[2] == cookie_name)
            context.add_cookies(
                [{"name": cookie_name, "value": kept.value, "url": place.address, "expires": 2_000_000_000}]
            )
        opened.append(context)
        return context

    yield open_again
    for context in opened:
        context.close()


def ready(page: Any) -> Any:
    page.locator("body[data-ready=yes]").wait_for()
    return page


def light(page: Any, state: str) -> None:
    page.locator(f"#light[data-state={state}]").wait_for()


def sheet_of(place: Place, hall: Hall, work: int, sub: str) -> str:
    return f"{place.address}/marking/panels/{hall.panel_id}/works/{hall.works[work]}/{hall.subs[sub]}"


def stored() -> list[Mark]:
    db.session.rollback()
    return list(session().scalars(select(Mark).order_by(Mark.sequence)))


def prepare(place: Place, hall: Hall, context: Any) -> Any:
    """The judge opens their seats once while there is a network; the tablet keeps the pages."""
    page = context.pages[0] if context.pages else context.new_page()
    page.goto(f"{place.address}/marking")
    page.locator("[data-offline][data-state=ready]").wait_for()
    return page


@pytest.mark.browser
@pytest.mark.timeout(240)
def test_a_day_without_network_and_everything_arrives_once(place: Place, tablet: Callable[..., Any]) -> None:
    hall = make_hall(works=3)
    context = tablet(hall.judges[0].person)
    page = prepare(place, hall, context)
    assert page.evaluate("window.isSecureContext")
    context.set_offline(True)
    place.stop()  # the whole network is gone, for the service worker too
    typed: dict[tuple[Any, Any], str] = {}

    def mark(work: int, level: int) -> None:
        page.goto(sheet_of(place, hall, work, "A1"))
        ready(page)
        page.locator(f"#a-{hall.aspects['A1-2']} .level").nth(level).click()
        light(page, "local")
        page.locator(f"#a-{hall.aspects['A1-2']} [data-line][data-tone=wait]").wait_for()
        assert "已存本机" in page.locator("#light").inner_text()
        typed[hall.works[work], hall.aspects["A1-2"]] = str(level)

    mark(0, 2)
    page.get_by_role("button", name="符合", exact=True).click()
    typed[hall.works[0], hall.aspects["A1-1"]] = "1"
    page.locator("#light-text", has_text="2").wait_for()
    page.screenshot(path=PICTURES / "tablet-offline-zh.png")
    mark(1, 3)
    context.close()  # the browser is closed in the middle of the day

    context = tablet()
    page = context.pages[0]
    page.goto(sheet_of(place, hall, 0, "A1"))
    first_paint = (
        "performance.getEntriesByType('paint').find((one) => one.name === 'first-contentful-paint')?.startTime"
    )
    ready(page)
    assert (
        page.evaluate(first_paint) < 5000
    )  # the bar (1 s) is measured on a quiet machine; here: not a hanging network
    assert page.locator(f"#a-{hall.aspects['A1-2']} .level[aria-pressed=true] b").inner_text() == "2"
    mark(2, 1)
    assert stored() == []

    place.start()
    context.set_offline(False)
    light(page, "saved")
    marks = stored()
    assert {(one.work_id, one.aspect_id): one.value for one in marks} == typed
    assert len(marks) == len(typed) == 4
    assert [one.device_sequence for one in marks] == [1, 2, 3, 4]
    assert {(one.status, one.judge_id) for one in marks} == {("received", hall.judges[0].person)}

    key = page.evaluate("""async () => {
      const open = indexedDB.open("laurel");
      const db = await new Promise((done) => { open.onsuccess = () => done(open.result); });
      const asked = db.transaction("identities").objectStore("identities").getAll();
      const [who] = await new Promise((done) => { asked.onsuccess = () => done(asked.result); });
      return {extractable: who.keys.privateKey.extractable, jwk: await crypto.subtle.exportKey("jwk", who.keys.publicKey)};
    }""")
    assert key["extractable"] is False
    for one in marks:
        verify(one, key["jwk"])

    page.goto(f"{place.address}/tablet/check")
    page.locator("body[data-checked]").wait_for()
    page.screenshot(path=PICTURES / "tablet-check-zh.png", full_page=True)
    db.session.rollback()
    [checked] = checked_tablets(hall.event_id)
    assert set(checked.failed) <= {"space", "clock"}  # the test's server clock stands still
    assert serious(page) == []


def number(text: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")


def verify(mark: Mark, jwk: dict[str, str]) -> None:
    """The signature of a stored mark under the tablet's public key; raises when it does not fit."""
    assert mark.device_signature
    raw = base64.urlsafe_b64decode(mark.device_signature + "==")
    public = ec.EllipticCurvePublicNumbers(number(jwk["x"]), number(jwk["y"]), ec.SECP256R1()).public_key()
    given = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    public.verify(given, mark.body_hash.encode(), ec.ECDSA(hashes.SHA256()))
    assert body_hash(mark) == mark.body_hash


@pytest.mark.browser
@pytest.mark.timeout(240)
def test_tabs_sessions_storage_and_a_server_killed_before_it_commits(place: Place, tablet: Callable[..., Any]) -> None:
    hall = make_hall(works=2)
    context = tablet(hall.judges[1].person)
    page = prepare(place, hall, context)
    page.goto(sheet_of(place, hall, 0, "A1"))
    ready(page)
    level = page.locator(f"#a-{hall.aspects['A1-2']} .level")

    # The light never says "server" before the commit: the batch waits in front of it.
    gate, arrived = threading.Event(), threading.Event()

    def wait_in_front() -> None:
        if request.path == "/api/marks" and not gate.is_set():
            arrived.set()
            gate.wait(60)

    place.app.before_request_funcs.setdefault(None, []).append(wait_in_front)
    try:
        level.nth(2).click()
        assert arrived.wait(20)
        light(page, "local")
        page.wait_for_timeout(300)
        assert page.locator("#light").get_attribute("data-state") == "local"
        assert stored() == []
        gate.set()
        light(page, "saved")
        assert [one.value for one in stored()] == ["2"]
    finally:
        gate.set()
        place.app.before_request_funcs[None].remove(wait_in_front)

    # A second tab shows the sheet and does not write; it takes over when the first closes.
    second = context.new_page()
    second.goto(sheet_of(place, hall, 0, "A1"))
    ready(second)
    assert "locked" in (second.locator("body").get_attribute("class") or "")
    assert second.locator("#sheet-notice").is_visible()
    second.close()

    # The session ends: what is marked is kept and still arrives, by the tablet's own token.
    with transaction() as writing:
        for row in writing.query(SignInSession).all():
            row.revoked_at = now()
    level.nth(1).click()
    light(page, "saved")
    assert [one.value for one in stored()] == ["2", "1"]

    # The server is killed; marks wait and arrive once when it is back.
    place.stop()
    level.nth(3).click()
    light(page, "local")
    place.start()
    light(page, "saved")
    assert [one.value for one in stored()] == ["2", "1", "3"]

    # The storage refuses: the cell is called not saved in words, the value stays, and it is kept as soon as there is room.
    page.evaluate("""() => { window.refused = IDBObjectStore.prototype.add;
      IDBObjectStore.prototype.add = () => { throw new DOMException("full", "QuotaExceededError"); }; }""")
    level.nth(0).click()
    page.locator("#note [data-close]").click()  # the reason for a 0 can be written later
    light(page, "unsaved")
    assert "未保存" in page.locator(f"#a-{hall.aspects['A1-2']} [data-line]").inner_text()
    assert page.locator(f"#a-{hall.aspects['A1-2']} .level[aria-pressed=true] b").inner_text() == "0"
    page.screenshot(path=PICTURES / "tablet-full-zh.png")
    page.evaluate("() => { IDBObjectStore.prototype.add = window.refused; }")
    page.locator("#retry").click()
    light(page, "saved")
    assert [(one.value, one.device_sequence, one.status) for one in stored()] == [
        ("2", 1, "received"), ("1", 2, "received"), ("3", 3, "received"), ("0", 4, "received"),
    ]  # fmt: skip


@pytest.mark.browser
@pytest.mark.parametrize("mode", ["own_tablet", "panel_tablet"])
def test_targets_keyboard_and_shift_on_a_sheet(app: Flask, server: str, chromium: Any, mode: str) -> None:
    hall = make_hall(works=2, entry_mode=mode)
    page = open_as(chromium, app, server, hall.judges[0].person, TABLET)
    address = f"{server}/marking/panels/{hall.panel_id}/works/{hall.works[0]}/{hall.subs['A1']}"
    for language in ("zh", "en"):
        for size in (TABLET, {"width": 390, "height": 844}):
            page.set_viewport_size(size)
            ready(page.goto(f"{address}?lang={language}") and page)
            small = page.evaluate("""() => [...document.querySelectorAll("button, a.foot-button, summary")]
              .map((one) => [one.className || one.id, Math.round(one.getBoundingClientRect().width), Math.round(one.getBoundingClientRect().height)])
              .filter(([, width, height]) => width && (width < 48 || height < 48))""")
            assert small == [], (language, size)
            assert serious(page) == [], (language, size)
    page.evaluate("""() => { window.shifts = 0;
      new PerformanceObserver((list) => { for (const one of list.getEntries()) window.shifts += one.value; })
        .observe({ type: "layout-shift", buffered: false }); }""")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("2")
    light(page, "saved")
    before = page.locator(".aspect").nth(1).bounding_box()["height"]
    page.locator(".aspect").nth(1).locator("[data-value='1']").first.click()
    pressed = page.evaluate(
        "() => document.querySelectorAll('.aspect')[1].querySelector('[aria-pressed=true]').dataset.value"
    )
    assert pressed == "1"
    light(page, "saved")
    assert page.locator(".aspect").nth(1).bounding_box()["height"] == before
    assert page.evaluate("window.shifts") < 0.01  # the words of the undo line; the cards stay where they are
    assert page.errors == []
    page.context.close()


@pytest.mark.browser
def test_a_quick_hand_does_not_outrun_the_write(app: Flask, server: str, chromium: Any) -> None:
    """Found by R3: a tap and, in the same moment, the way to another page."""
    hall = make_hall(works=2)
    page = open_as(chromium, app, server, hall.judges[1].person, TABLET)
    page.goto(f"{server}/marking/panels/{hall.panel_id}/works/{hall.works[0]}/{hall.subs['A1']}")
    ready(page)
    with page.expect_navigation():
        page.evaluate(
            "() => { document.querySelectorAll('.level')[2].click(); document.querySelector('a.icon-link').click(); }"
        )
    page.goto(f"{server}/marking/panels/{hall.panel_id}/works/{hall.works[0]}/{hall.subs['A1']}")
    ready(page)
    light(page, "saved")
    assert [one.value for one in stored()] == ["2"]
    page.context.close()


@pytest.mark.browser
def test_a_tablet_is_paired_by_the_code_on_a_screen(app: Flask, server: str, chromium: Any) -> None:
    hall = make_hall(works=1)
    duty = session().get_one(PanelSeat, hall.seats[0]).duty_id
    code = offer_pairing(duty, actor=hall.chief, at=now()).code
    page = chromium.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN").new_page()
    page.goto(f"{server}/pair#{code}")
    page.locator("body[data-paired]").wait_for()
    assert "#" not in page.url
    db.session.rollback()
    [device] = devices_in(hall.event_id)
    assert (device.person_id, device.paired_by) == (hall.judges[0].person, hall.chief.person)
    assert device.public_key
    page.screenshot(path=PICTURES / "tablet-pair-zh.png")
    page.goto(f"{server}/pair?lang=en")
    page.locator("#pair-code").fill(code)
    page.get_by_role("button", name="Pair this tablet").click()
    page.get_by_text("could not be paired").wait_for()  # used once
    assert serious(page) == []
    small = page.evaluate("""() => [...document.querySelectorAll("main button, main a")].map((one) => one.getBoundingClientRect())
      .filter((box) => box.width && box.height < 48).length""")
    assert small == 0
    page.context.close()


IDS = st.uuids()
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)
BODIES = st.builds(
    MarkBody, id=IDS, work_id=IDS, aspect_id=IDS, seat_id=st.none() | IDS, kind=st.sampled_from(("set", "clear", "note")),
    value=st.none() | TEXTS, base_id=st.none() | IDS, scheme_id=IDS, device_id=IDS, device_sequence=st.integers(1, 2**31 - 1),
    client_at=st.datetimes(datetime(2000, 1, 1), datetime(2199, 1, 1), timezones=st.just(UTC)), reason=TEXTS,
)  # fmt: skip


@pytest.mark.browser
def test_the_tablet_and_the_server_hash_a_body_alike(server: str, chromium: Any) -> None:
    page = chromium.new_page()
    page.goto(f"{server}/tablet/check")
    fields = (
        "id",
        "work_id",
        "aspect_id",
        "seat_id",
        "kind",
        "value",
        "base_id",
        "scheme_id",
        "device_id",
        "device_sequence",
        "reason",
    )

    def plain(value: Any) -> Any:
        return value if value is None or isinstance(value, (int, str)) else str(value)

    @settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(BODIES, min_size=5, max_size=5))
    def alike(bodies: list[MarkBody]) -> None:
        sent = [
            {name: plain(getattr(one, name)) for name in fields} | {"client_at": one.client_at.isoformat()}
            for one in bodies
        ]
        hashed = page.evaluate(
            """async (bodies) => { const { bodyHash } = await import("/static/js/marking/canonical.js");
            return Promise.all(bodies.map(bodyHash)); }""",
            json.loads(json.dumps(sent)),
        )
        assert hashed == [body_hash(one) for one in bodies]

    alike()
    page.close()
