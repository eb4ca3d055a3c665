"""R4: a model of the protocol against the real ledger. `python -m benchmarks.r4_model [STEPS [SEED]]`; ends by itself.

Four tablets of three judges (one judge has two) enter, deliver in any order and more than once, look at the server's state or do
not; clocks are wrong by a day. The chief judge decides conflicts and held marks, judges sign, lists are returned and confirmed. A
model in plain Python says after every step what must be there: which values stand beside each other, what is held, which numbers a
tablet still owes, what is open. Checked: every conflict is visible, nothing is confirmed while anything of the panel is open, and the
same marks in another order give the same values and the same conflicts. It stops at the first difference and prints seed, round and
step: a round starts from nothing, so the shortest schedule that shows it is that round up to that step.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import flask_migrate

from app import create_app
from competitions.marking import ledger
from competitions.marking.actions import sheets as deciding
from competitions.marking.actions import signing, tablets
from competitions.marking.bodies import MarkBody
from competitions.marking.ledger import receive_marks
from competitions.marking.queries import finality
from competitions.marking.queries import marks as queries
from competitions.rules import revisions
from foundation.clock import now
from foundation.db import db, session, transaction
from foundation.refusal import Conflict, Refusal
from tests.factories.marking import make_hall

ROUND = 250
CELLS = ("A1-1", "A1-2", "B1-1")


class Differs(AssertionError):
    """The ledger and the model do not say the same."""


@dataclass
class Device:
    """A tablet: whose, what waits on it, what it last saw of every cell."""

    seat: int
    id: UUID
    skew: timedelta
    number: int = 0
    reported: int = 0
    waiting: list[MarkBody] = field(default_factory=list)
    seen: dict[tuple[int, str], UUID | None] = field(default_factory=dict)


@dataclass
class Recorded:
    """A revision as the model knows it."""

    id: UUID
    base: UUID | None
    value: str
    decides: bool


@dataclass
class Model:
    """What must be true. Cells by (work, aspect, seat or -1), in the order recorded."""

    cells: dict[tuple[int, str, int], list[Recorded]] = field(default_factory=dict)
    known: set[UUID] = field(default_factory=set)
    held: dict[UUID, tuple[tuple[int, str, int], MarkBody]] = field(default_factory=dict)
    delivered: dict[UUID, set[int]] = field(default_factory=dict)
    signed: bool = False

    def standing(self, cell: tuple[int, str, int]) -> list[Recorded]:
        """What nobody built upon since the last decision."""
        made = self.cells.get(cell, [])
        start = max((at for at, one in enumerate(made) if one.decides), default=0)
        built = {one.base for one in made}
        return [one for one in made[start:] if one.id not in built]

    def disputed(self) -> set[tuple[int, str, int]]:
        """The cells in which different values stand beside each other."""
        return {cell for cell in self.cells if len({one.value for one in self.standing(cell)}) > 1}

    def owed(self, device: Device) -> set[int]:
        """The numbers a tablet owes, as far as the server can know."""
        there = self.delivered.get(device.id, set())
        return set(range(1, max(device.reported, *there, 0) + 1)) - there


@dataclass(frozen=True, slots=True)
class Report:
    """What the steps did; `first` names the first difference."""

    seed: int
    steps: int
    conflicts: int
    held: int
    refused: int
    confirmed: int
    orders: int
    first: str = ""


class World:
    """One hall, its tablets, and the model beside it."""

    def __init__(self, chance: random.Random) -> None:
        self.chance, self.hall, self.model = chance, make_hall(), Model()
        self.devices = []
        for seat in (0, 1, 2, 0):
            paired = tablets.register_tablet(self.hall.event_id, None, label="", actor=self.hall.judges[seat], at=now())
            self.devices.append(Device(seat, paired.device_id, timedelta(seconds=chance.randint(-86_400, 86_400))))
        self.counts = dict.fromkeys(("conflicts", "held", "refused", "confirmed"), 0)
        self.list_id: UUID | None = None
        self.over = False
        for device in self.devices[:3]:  # a day's work lies there already, so that there is something to sign
            for work in range(2):
                for aspect in CELLS if device.seat == 0 else CELLS[1:]:
                    self._enter(device, work, aspect)
            self._deliver(device, device.waiting)
            device.waiting = []

    def step(self) -> None:
        """One random thing, then everything compared."""
        weights = {
            self.enter: 34, self.deliver: 26, self.look: 8, self.report: 3, self.resolve: 8, self.settle: 4, self.sign: 14, self.give_back: 3,
        }  # fmt: skip
        self.chance.choices(list(weights), list(weights.values()))[0]()

    def enter(self) -> None:
        """A judge taps a value on a tablet."""
        device = self.chance.choice(self.devices)
        if not device.waiting and self.chance.random() < 0.5:
            self._look(device)
        self._enter(device, self.chance.randrange(2), self.chance.choice(CELLS))

    def _enter(self, device: Device, work: int, aspect: str) -> None:
        device.number += 1
        value = str(self.chance.randint(0, 1) if aspect == "A1-1" else self.chance.randint(1, 2))
        body = self.hall.mark(
            device.seat, aspect, value, work, device_id=device.id, device_sequence=device.number,
            base_id=device.seen.get((work, aspect)), client_at=now() + device.skew,
        )  # fmt: skip
        device.seen[work, aspect] = body.id
        device.waiting.append(body)

    def deliver(self) -> None:
        """A tablet sends some of what waits; the answer may be lost, the order may be another."""
        device = self.chance.choice(self.devices)
        batch = device.waiting[: self.chance.randint(1, 6)]
        if not batch:
            return
        if self.chance.random() < 0.2:
            self.chance.shuffle(batch)
        self._deliver(device, batch)
        if self.chance.random() > 0.15:
            sent = {body.id for body in batch}
            device.waiting = [body for body in device.waiting if body.id not in sent]

    def _deliver(self, device: Device, batch: list[MarkBody]) -> None:
        expected = [self._expected(device, body) for body in batch]
        answers = receive_marks(batch, actor=self.hall.judges[device.seat], at=now())
        found = [answer.status for answer in answers]
        if found != expected:
            raise Differs(f"answers {found}, expected {expected}")

    def _expected(self, device: Device, body: MarkBody) -> str:
        model = self.model
        if body.id in model.known:
            return "duplicate"
        model.known.add(body.id)
        model.delivered.setdefault(device.id, set()).add(body.device_sequence)
        cell = self._cell(body)
        if model.signed:
            model.held[body.id] = (cell, body)
            self.counts["held"] += 1
            return "held"
        model.cells.setdefault(cell, []).append(Recorded(body.id, body.base_id, body.value or "", False))
        self.list_id = None  # a list nobody signed is taken back by a mark on its sheets
        if cell in model.disputed():
            self.counts["conflicts"] += 1
            return "conflict"
        return "received"

    def _cell(self, body: MarkBody) -> tuple[int, str, int]:
        aspect = next(code for code, key in self.hall.aspects.items() if key == body.aspect_id)
        seat = -1 if body.seat_id is None else self.hall.seats.index(body.seat_id)
        return self.hall.works.index(body.work_id), aspect, seat

    def look(self) -> None:
        """A tablet with nothing waiting learns what is in force."""
        device = self.chance.choice(self.devices)
        if not device.waiting:
            self._look(device)

    def _look(self, device: Device) -> None:
        for work in range(2):
            for aspect in CELLS:
                standing = self.model.standing((work, aspect, -1 if aspect == "A1-1" else device.seat))
                device.seen[work, aspect] = standing[0].id if standing else None

    def report(self) -> None:
        """A tablet says how many marks it has given."""
        device = self.chance.choice(self.devices)
        device.reported = device.number
        tablets.report_tablet(
            device.id, last_sequence=device.number, waiting=len(device.waiting), client_at=now() + device.skew, at=now()
        )

    def resolve(self) -> None:
        """The chief judge decides, in each disputed cell, for one of the values."""
        if self.model.signed:
            return
        for cell in sorted(self.model.disputed()):
            chosen = self.chance.choice(self.model.standing(cell))
            made = deciding.resolve_conflict(chosen.id, "核对记录", actor=self.hall.chief, at=now())
            self.model.cells[cell].append(Recorded(made.id, chosen.id, chosen.value, True))
            self.list_id = None

    def settle(self) -> None:
        """The chief judge leaves a held mark out, or takes it over where the sheet is open."""
        if not self.model.held:
            return
        key = self.chance.choice(sorted(self.model.held, key=str))
        cell, body = self.model.held[key]
        taken = not self.model.signed and self.chance.random() < 0.5
        standing = self.model.standing(cell)
        deciding.settle_held(key, taken=taken, reason="核对记录", actor=self.hall.chief, at=now())
        del self.model.held[key]
        if taken:
            made = ledger.uuid5(key, "taken")
            base = standing[0].id if standing else None
            self.model.cells.setdefault(cell, []).append(Recorded(made, base, body.value or "", True))
            self.list_id = None

    def sign(self) -> None:
        """A list is made, signed by some, perhaps by all, and confirmed if nothing is open."""
        hall, model = self.hall, self.model
        if self.list_id is None:
            try:
                self.list_id = signing.make_signing_list(
                    hall.panel_id, list(hall.subs.values()), actor=hall.judges[0], at=now()
                )
            except Refusal:
                return
        digest = queries.signing_list(self.list_id).hash
        for seat in self.chance.sample(range(3), self.chance.choice((1, 3))):
            try:
                signing.sign_list(self.list_id, hall.seats[seat], digest, actor=hall.judges[seat], at=now())
            except Conflict:
                raise Differs("a list the model holds was taken back") from None
            model.signed = True
        open_ = bool(model.disputed() or model.held or any(model.owed(device) for device in self.devices))
        all_signed = queries.signing_list(self.list_id).signed_at is not None
        try:
            signing.confirm_list(self.list_id, actor=hall.chief, at=now())
        except Refusal:
            self.counts["refused"] += 1
            if all_signed and not open_:
                raise Differs("nothing is open and it was not confirmed") from None
            return
        if open_ or not all_signed:
            raise Differs(f"confirmed over something open: {model.disputed()} {list(model.held)}")
        self.counts["confirmed"] += 1
        self.over = True

    def give_back(self) -> None:
        """The chief judge returns the list: its sheets may be marked again."""
        if self.list_id is None or not self.model.signed:
            return
        signing.return_list(self.list_id, "重新核对", actor=self.hall.chief, at=now())
        self.list_id, self.model.signed = None, False

    def compare(self) -> None:
        """Everything the model knows against everything that is stored."""
        hall, model = self.hall, self.model
        db.session.rollback()
        stored = queries.stored_heads(session(), hall.event_id)
        computed = queries.heads_from_marks(session(), hall.event_id)
        if {k: v.columns() for k, v in stored.items()} != {k: v.columns() for k, v in computed.items()}:
            raise Differs("the heads are not what the marks say")
        for cell in model.cells:
            work, aspect, seat = cell
            head = stored[hall.works[work], hall.aspects[aspect], hall.panel_id if seat < 0 else hall.seats[seat]]
            standing = model.standing(cell)
            if (head.value, head.conflict) != (standing[0].value, cell in model.disputed()):
                raise Differs(f"{cell}: stored {head.value} {head.conflict}, model {[one.value for one in standing]}")
        if len(queries.conflicts(hall.event_id)) != len(model.disputed()):
            raise Differs("a conflict is not shown")
        if {row.id for row in queries.held(hall.event_id)} != set(model.held):
            raise Differs("a held mark is not shown")
        said = {matter.code: matter.facts["count"] for matter in finality.open_in_event(hall.event_id)}
        owed = sum(len(model.owed(device)) for device in self.devices)
        wanted = {"open:conflicts": len(model.disputed()), "open:held": len(model.held), "open:gaps": owed}
        if any(said.get(code, 0) != count for code, count in wanted.items()):
            raise Differs(f"open: said {said}, model {wanted}")


def plant(name: str) -> Callable[[], None]:
    """Put a bug in; what is returned takes it out again."""
    real_head, real_gate = revisions.head_of, signing.refuse_open_panel
    clocks: dict[UUID, Any] = {}
    real_revision = queries.revision

    def noted(row: Any, rule: Any) -> revisions.Revision:
        clocks[row["id"]] = row["client_at"]
        return real_revision(row, rule)

    def last_wins(made: Any) -> revisions.HeadOfCell:
        return revisions.HeadOfCell(made[-1].id, made[-1].value, 1, conflict=False)

    def by_clock(made: Any) -> revisions.HeadOfCell:
        found = real_head(made)
        shown = max(revisions.leaves_of(made), key=lambda one: (clocks[one.id], str(one.id)))
        return revisions.HeadOfCell(shown.id, shown.value, found.leaves, found.conflict)

    if name == "open_gate":
        signing.refuse_open_panel = lambda _panel: None  # type: ignore[assignment]
    elif name:
        head = {"last_write_wins": last_wins, "client_clock": by_clock}[name]
        ledger.head_of = queries.head_of = head  # type: ignore[attr-defined]
        queries.revision = noted

    def out() -> None:
        ledger.head_of = queries.head_of = real_head  # type: ignore[attr-defined]
        queries.revision, signing.refuse_open_panel = real_revision, real_gate

    return out


def same_in_any_order(chance: random.Random) -> None:
    """The same marks, shuffled and some twice: the same values, the same conflicts."""
    world = World(chance)
    for _ in range(30):
        world.enter()
    given = [(device, body) for device in world.devices for body in device.waiting]
    seen = []
    for _ in range(2):
        order = given + chance.sample(given, 5)
        chance.shuffle(order)
        with transaction() as writing:
            nested = writing.begin_nested()
            for device, body in order:
                receive_marks([body], actor=world.hall.judges[device.seat], at=now())
            heads = queries.stored_heads(writing, world.hall.event_id)
            seen.append({place: (None if h.conflict else h.value, h.leaves, h.conflict) for place, h in heads.items()})
            nested.rollback()
    if seen[0] != seen[1]:
        raise Differs("another order gives another result")


def campaign(steps: int, seed: int, *, planted: str = "") -> Report:
    """Take `steps` steps in rounds; stop at the first difference."""
    with tempfile.TemporaryDirectory() as folder:
        settings = {
            "LAUREL_DATA": folder, "DATABASE_URL": f"sqlite:///{folder}/r4.db", "RATE_LIMITS": "no", "SECRET_KEY": "campaign",
        }  # fmt: skip
        app = create_app(settings)
        out = plant(planted)
        try:
            with app.app_context():
                flask_migrate.upgrade()
                return _rounds(steps, seed)
        finally:
            out()


def _rounds(steps: int, seed: int) -> Report:
    totals, taken, orders, number = dict.fromkeys(("conflicts", "held", "refused", "confirmed"), 0), 0, 0, 0
    while taken < steps:
        wanted = min(ROUND, steps - taken)
        first, done, counts = _round(seed, number, wanted)
        taken += done
        totals = {name: totals[name] + counts[name] for name in totals}
        if not first and number % 4 == 0:
            try:
                same_in_any_order(random.Random(f"{seed}:{number}:order"))  # noqa: S311 - a schedule that can be repeated
                orders += 1
            except Differs as differs:
                first = f"seed {seed}, round {number}: {differs}"
        if first:
            return Report(seed, taken, **totals, orders=orders, first=first)
        number += 1
    return Report(seed, taken, **totals, orders=orders)


def _round(seed: int, number: int, steps: int) -> tuple[str, int, dict[str, int]]:
    """One hall: (the first difference with the fewest steps that show it, steps taken, what happened)."""
    world = World(random.Random(f"{seed}:{number}"))  # noqa: S311 - a schedule that can be repeated
    done = 0
    while done < steps and not world.over:
        try:
            world.step()
            world.compare()
        except Differs as differs:
            return f"seed {seed}, round {number}, step {done}: {differs}", done + 1, world.counts
        done += 1
    return "", done, world.counts


def main() -> int:
    """Run and print. Exit status 1 on a difference."""
    steps, seed = (int(sys.argv[n]) if len(sys.argv) > n else default for n, default in ((1, 100_000), (2, 20261125)))
    report = campaign(steps, seed)
    print(report, "holds" if not report.first else "BROKEN")
    return 1 if report.first else 0


if __name__ == "__main__":
    raise SystemExit(main())
