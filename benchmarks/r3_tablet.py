"""R3: marks typed in a real browser under faults of its surface: typed = stored = shown, and the light never says "server" too early.

`python -m benchmarks.r3_tablet [--marks 500] [--faults 200] [--seed 3]` prints the seed, the schedule that failed (shrunk by cutting
it in halves as long as it still fails) and the outcome; exit status 1 when a mark was lost, doubled, altered or called stored
before it was. Planted bugs (`PLANTS`) are served in place of the tablet's own code, and each must turn it red.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import random
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import flask_migrate
from flask import Flask
from playwright.sync_api import sync_playwright
from sqlalchemy import select
from werkzeug.serving import make_server

from accounts.sign_in.models import SignInSession
from app import create_app
from competitions.marking.models.marks import Mark
from foundation.clock import now
from foundation.db import db, session, transaction
from tests.factories.accounts import make_session
from tests.factories.marking import Hall, make_hall

FAULTS = ("offline", "reload", "tab_close", "two_tabs", "quota", "session")
# name → (module, what stands there, the bug in its place)
PLANTS = {
    "acknowledges before the commit": (
        "tablet.js", 'cell: key, state: "queued" }', 'cell: key, state: "sent", sent_at: new Date().toISOString() }',
    ),
    "a lost IndexedDB error": ("tablet.js", "      this.failed(mark.work_id, key, error);", "      this.unsaved.delete(mark.id);"),
    "the last write wins": (
        "store.js", 'transaction.objectStore("marks").add(mark);',
        'for (const old of [mark]) { const all = transaction.objectStore("marks").index("sheet").getAll(old.sheet); '
        'all.onsuccess = () => { for (const one of all.result) if (one.cell === old.cell) '
        'transaction.objectStore("marks").delete(one.id); transaction.objectStore("marks").add(old); }; }',
    ),
}  # fmt: skip


@dataclass
class Outcome:
    """What a run found wrong; empty is green."""

    wrong: list[str] = field(default_factory=list)
    typed: int = 0


def schedule(seed: int, marks: int, faults: int) -> list[tuple[str, int, int]]:
    """Steps in order: ("mark", work, level) with faults between them, from the seed alone."""
    rng = random.Random(seed)  # noqa: S311 - a schedule, not a secret
    steps: list[tuple[str, int, int]] = []
    level = {0: 0, 1: 0}
    for _ in range(marks):
        work = rng.randrange(2)
        level[work] = (level[work] + rng.randrange(1, 4)) % 4  # never the level shown: that would clear it
        steps.append(("mark", work, level[work]))
    for _ in range(faults):
        steps.insert(rng.randrange(1, len(steps) + 1), (rng.choice(FAULTS), rng.randrange(2), 0))
    return steps


@contextlib.contextmanager
def planted(app: Flask, plant: str | None) -> Iterator[None]:
    """Serve the tablet's code with a bug in it."""
    if plant is None:
        yield
        return
    _module, good, bad = PLANTS[plant]

    def replace(answer: Any) -> Any:
        answer.direct_passthrough = False
        text = answer.get_data(as_text=True)
        if good in text:
            answer.set_data(text.replace(good, bad))
        return answer

    listed = app.after_request_funcs.setdefault(None, [])
    listed.append(replace)
    try:
        yield
    finally:
        listed.remove(replace)


class Run:
    """One campaign on one tablet of one judge."""

    def __init__(self, app: Flask, address: str, hall: Hall, context: Any) -> None:
        self.app, self.address, self.hall, self.context = app, address, hall, context
        self.outcome = Outcome()
        self.page: Any = None
        self.offline = False
        self.typed: list[tuple[Any, str]] = []
        self.shown: dict[int, str] = {}

    def sign_in(self) -> None:
        client = self.app.test_client()
        token = make_session(self.hall.judges[1].person)
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = token, True
        name = self.app.config["SESSION_COOKIE_NAME"]
        kept = next(one for key, one in client._cookies.items() if key[2] == name)  # type: ignore[attr-defined]
        self.context.add_cookies([{"name": name, "value": kept.value, "url": self.address}])

    def open(self, work: int) -> None:
        panel, sub = self.hall.panel_id, self.hall.subs["A1"]
        self.page.goto(f"{self.address}/marking/panels/{panel}/works/{self.hall.works[work]}/{sub}")
        self.page.locator("body[data-ready=yes]").wait_for()
        self.work = work

    def levels(self) -> Any:
        return self.page.locator(f"#a-{self.hall.aspects['A1-2']} .level")

    def stored(self) -> list[Mark]:
        db.session.rollback()
        wanted = select(Mark).where(Mark.aspect_id == self.hall.aspects["A1-2"]).order_by(Mark.device_sequence)
        return list(session().scalars(wanted))

    def network(self, *, there: bool) -> None:
        self.context.set_offline(not there)
        self.offline = not there

    def check_light(self) -> None:
        """Does the light say "server" while a mark typed before it is not stored?"""
        if self.page.locator("#light").get_attribute("data-state") == "saved" and len(self.stored()) < len(self.typed):
            self.outcome.wrong.append(
                f"the light said server with {len(self.stored())} of {len(self.typed)} marks stored"
            )

    def mark(self, work: int, level: int) -> None:
        if self.work != work:
            self.written()  # an address typed over the sheet asks first (beforeunload); links of the page wait by themselves
            self.open(work)
        if self.levels().nth(level).get_attribute("aria-pressed") == "true":
            self.outcome.wrong.append(f"work {work} shows {level} before it was typed")
            return
        self.levels().nth(level).click()
        if self.page.locator("#note").is_visible():
            self.page.locator("#note [data-close]").click()  # the reason for a 0 is not what is counted here
        self.typed.append((self.hall.works[work], str(level)))
        self.shown[work] = str(level)
        self.check_light()

    def fault(self, kind: str, work: int) -> None:
        if kind == "offline":
            self.network(there=self.offline)
        elif kind == "reload":
            self.written()
            self.page.reload()
            self.page.locator("body[data-ready=yes]").wait_for()
        elif kind == "tab_close":
            self.written()
            before, self.page = self.page, self.context.new_page()
            before.close()
            self.open(work)
        elif kind == "two_tabs":
            self.written()
            second = self.context.new_page()
            second.goto(self.page.url)
            second.locator("body[data-ready=yes]").wait_for()
            if "locked" not in (second.locator("body").get_attribute("class") or ""):
                self.outcome.wrong.append("a second tab may write the sheet")
            second.close()
        elif kind == "quota":
            self.quota()
        elif kind == "session":
            with transaction() as writing:
                for row in writing.query(SignInSession).filter_by(revoked_at=None):
                    row.revoked_at = now()

    def written(self) -> None:
        """Wait until what was typed is durable on the tablet, by the sequence it keeps."""
        kept = """async () => { const store = await import("/static/js/marking/store.js");
            return (await store.identities())[0]?.sequence ?? 0; }"""
        for _ in range(300):
            if self.page.evaluate(kept) >= len(self.typed):
                return
            self.page.wait_for_timeout(50)
        self.outcome.wrong.append(f"{len(self.typed)} marks typed, fewer kept on the tablet")

    def quota(self) -> None:
        """The next mark cannot be kept: it must be called not saved, stay on the screen, and be kept when there is room."""
        self.written()
        self.page.evaluate("""() => { window.kept = IDBObjectStore.prototype.add;
          IDBObjectStore.prototype.add = () => { throw new DOMException("full", "QuotaExceededError"); }; }""")
        level = (int(self.shown.get(self.work, "0")) + 1) % 4
        self.mark(self.work, level)
        try:
            self.page.locator("#light[data-state=unsaved]").wait_for(timeout=5000)
        except Exception:  # noqa: BLE001 - whatever it says instead is the finding
            self.outcome.wrong.append("a mark that could not be kept was not called unsaved")
        self.page.evaluate("() => { IDBObjectStore.prototype.add = window.kept; }")
        if self.page.locator("#retry").is_visible():
            self.page.locator("#retry").click()

    def whole(self, steps: Sequence[tuple[str, int, int]]) -> Outcome:
        """Walk the schedule, then bring the network back and compare typed, stored and shown."""
        self.sign_in()
        self.page = self.context.new_page()
        self.page.set_default_timeout(20000)
        self.page.goto(f"{self.address}/marking")
        self.page.locator("[data-offline][data-state=ready]").wait_for()
        self.open(0)
        try:
            for kind, work, level in steps:
                if kind == "mark":
                    shown = self.shown.get(work)
                    self.mark(work, (level + 1) % 4 if shown == str(level) else level)
                else:
                    self.fault(kind, work)
                if self.outcome.wrong:
                    break
            self.network(there=True)
            self.page.locator("#light[data-state=saved]").wait_for(timeout=60000)
            self.compare()
        except Exception as error:  # noqa: BLE001 - a tablet that hangs is red as well
            self.outcome.wrong.append(f"{type(error).__name__}: {str(error).splitlines()[0]}")
        self.outcome.typed = len(self.typed)
        return self.outcome

    def compare(self) -> None:
        stored = [(one.work_id, one.value) for one in self.stored()]
        if stored != self.typed:
            self.outcome.wrong.append(
                f"typed {len(self.typed)}, stored {len(stored)}: not the same marks in the same order"
            )
        held = [one for one in self.stored() if one.status != "received"]
        if held:
            self.outcome.wrong.append(f"{len(held)} marks were not received: {held[0].status} {held[0].held_code}")
        self.sign_in()
        for work, value in self.shown.items():
            self.open(work)
            found = self.page.locator(f"#a-{self.hall.aspects['A1-2']} .level[aria-pressed=true] b").inner_text()
            if found != value:
                self.outcome.wrong.append(f"work {work}: typed {value}, shown {found}")


def campaign(
    app: Flask, address: str, browser: Any, steps: Sequence[tuple[str, int, int]], plant: str | None = None
) -> Outcome:
    """One run with a fresh hall, judge and browser profile."""
    hall = make_hall(works=2)
    context = browser.new_context(viewport={"width": 768, "height": 1024}, locale="zh-CN")
    try:
        with planted(app, plant):
            return Run(app, address, hall, context).whole(steps)
    finally:
        for page in context.pages:
            page.goto("about:blank")  # no request of this tablet is under way when its database is put away
        context.close()


def shrunk(run: Any, steps: Sequence[tuple[str, int, int]]) -> Sequence[tuple[str, int, int]]:
    """The shortest part of a failing schedule found by cutting halves and single steps away while it still fails."""
    size = len(steps) // 2
    while size:
        start = 0
        while start < len(steps):
            shorter = [*steps[:start], *steps[start + size :]]
            if shorter and run(shorter).wrong:
                steps = shorter
            else:
                start += size
        size //= 2
    return steps


@contextlib.contextmanager
def served() -> Iterator[tuple[Flask, Any, Any]]:
    """(application, server, browser) on a database of their own."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        data = {
            "LAUREL_DATA": folder,
            "DATABASE_URL": f"sqlite:///{Path(folder)}/r3.db",
            "RATE_LIMITS": "no",
            "SECRET_KEY": "r3",
        }
        app = create_app(data)
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        with app.app_context():
            flask_migrate.upgrade()
            server = make_server("127.0.0.1", 0, app, threaded=True)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            browser = playwright.chromium.launch(
                executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox", "--disable-gpu"]
            )
            yield app, server, browser
            browser.close()
            server.shutdown()


def main() -> int:
    """The whole campaign on a server of its own."""
    asked = argparse.ArgumentParser(prog="benchmarks.r3_tablet")
    for name, default in (("--marks", 500), ("--faults", 200), ("--seed", 3)):
        asked.add_argument(name, type=int, default=default)
    wanted = asked.parse_args()
    steps = schedule(wanted.seed, wanted.marks, wanted.faults)
    with served() as (app, server, browser):

        def run(part: Sequence[tuple[str, int, int]]) -> Outcome:
            return campaign(app, f"http://127.0.0.1:{server.server_port}", browser, part)

        outcome = run(steps)
        print(f"R3 seed {wanted.seed}: {outcome.typed} marks typed, {wanted.faults} faults: {outcome.wrong or 'green'}")
        if outcome.wrong:
            print(f"shrunk schedule: {list(shrunk(run, steps))}")
    return 1 if outcome.wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
