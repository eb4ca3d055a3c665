"""Second stage: the days of the competition: check-in, codes, marks of every judge, signatures, confirmation, unblinding."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from accounts.sign_in.actions import pair_device
from competitions.codes import actions as codes
from competitions.codes import queries as works
from competitions.entries.actions import check_in
from competitions.entries.models.entries import Attendance
from competitions.entries.queries.check_in import notes_of_entry
from competitions.judges import queries as judges
from competitions.marking.actions import signing as marking
from competitions.marking.bodies import MarkBody
from competitions.marking.ledger import receive_marks
from competitions.programme import queries as programme
from competitions.programme.actions import move_competition
from competitions.results.actions import confirm_scores, import_scores, score_template
from competitions.rules.handwriting import Hand
from competitions.rules.scoring.aspects import AspectRule, raw_text
from competitions.schemes import queries as schemes
from demo.cast import Player
from demo.scene import EventScene, Scene, go_to, later
from foundation.clock import new_id, now
from foundation.permission import Actor, Via
from foundation.spreadsheets.reading import read_workbook
from foundation.spreadsheets.writing import Table, workbook

_ABSENT = {"welding": (30,), "electrics": (20, 33), "website": ()}
_LATE = {"welding": (14,), "electrics": (9,), "website": (11,)}
_STOPPED = {"welding": (36,), "electrics": (), "website": ()}


def play(scene: Scene, *, finish: bool) -> None:
    """Mark everything; without `finish` the last event is left half marked, as on the second day."""
    organizer = scene.office["zhoumin"]
    move_competition(scene.competition_id, "start", actor=organizer, at=go_to(datetime(2026, 5, 20, 0, 30, tzinfo=UTC)))
    for number, event in enumerate(scene.events):
        _check_in(scene, event)
        codes.make_works(event.id, actor=scene.office["blinding"], at=later(minutes=10))
        _theory(scene, event)
        complete = finish or number < len(scene.events) - 1
        _mark(event, share=Fraction(1) if complete else Fraction(1, 2))
        if complete:
            _stop(scene, event)
            _sign_and_confirm(scene, event)
            codes.ask_unblinding(event.id, actor=scene.office["blinding"], at=later(minutes=20))
            codes.agree_unblinding(event.id, actor=scene.office["supervisor"], at=later(minutes=5))


def _check_in(scene: Scene, event: EventScene) -> None:
    at = later(minutes=15)
    marked = {
        **dict.fromkeys(_ABSENT[event.key], Attendance.ABSENT),
        **dict.fromkeys(_LATE[event.key], Attendance.LATE),
    }
    for place, (entry, _player) in enumerate(event.entries.items()):
        if event.key == "welding" and place == 41:
            continue  # refused at review
        attendance = marked.get(place, Attendance.PRESENT)
        note = "迟到 12 分钟" if attendance == Attendance.LATE else ""
        if event.key == "welding" and place == 0:
            _doubted(scene, entry, at)
            continue
        check_in.note_attendance(entry, attendance, note=note, actor=scene.office["zhoumin"], at=at)


def _doubted(scene: Scene, entry: UUID, at: datetime) -> None:
    """The first at the door has another haircut than on the photo; the organizer compares and admits."""
    check_in.doubt_identity(entry, reason="面貌与照片不符", actor=scene.office["clerk"], at=at)
    [note] = notes_of_entry(entry)
    check_in.settle_note(note.id, "present", reason="核对身份证件原件，本人无误", actor=scene.office["zhoumin"], at=at)


def _stop(scene: Scene, event: EventScene) -> None:
    """Who gave up in the course of the day; what they did until then is marked, the rest was not attempted."""
    for place in _STOPPED[event.key]:
        check_in.note_attendance(
            list(event.entries)[place], Attendance.STOPPED, note="因身体不适中止比赛", actor=scene.office["zhoumin"],
            at=later(minutes=1),
        )  # fmt: skip


def _theory(scene: Scene, event: EventScene) -> None:
    part = next((part for part in programme.event(event.id).parts if part.source == "entered_score"), None)
    if part is None:
        return
    (sheet,) = read_workbook(score_template(event.id, part.id))[:1]
    heads = [cell.text for cell in sheet.rows[0]]
    by_pass = _by_pass_number(event)
    rows = []
    for row in sheet.rows[1:]:
        texts: list[Any] = [cell.text for cell in row]
        player = by_pass.get(texts[0])
        if player is not None:
            place = event.players.index(player)
            failed = event.key == "welding" and place == 8
            score = Fraction(57) if failed else 60 + Fraction(round(380 * player.skill), 10)
            texts = [*texts[: len(heads) - 1], raw_text(min(score, Fraction(98)))] if len(heads) > 1 else texts
            texts = [
                text if head != "成绩" else raw_text(min(score, Fraction(98)))
                for head, text in zip(heads, texts, strict=False)
            ]
            rows.append(texts)
    data = workbook([Table(sheet.title, heads, rows)])
    key = import_scores(
        event.id, part.id, data, name="理论成绩.xlsx", actor=scene.office["clerk"], at=later(minutes=30)
    )
    confirm_scores(key, actor=scene.office["zhoumin"], at=later(minutes=10))


def _by_pass_number(event: EventScene) -> dict[str, Player]:
    from competitions.entries.queries.entries import entries_of_event  # noqa: PLC0415

    return {
        row.pass_number or "": event.entries[row.id] for row in entries_of_event(event.id) if row.id in event.entries
    }


def _mark(event: EventScene, *, share: Fraction) -> None:
    """Every judge marks every work on a tablet of their own; measurements once, by the judge of the first seat."""
    scheme = schemes.scheme_in_force(event.id)
    panel = judges.panels(event.id)[0]
    if scheme is None:
        return
    seats = [(seat.id, seat.duty.person_id) for seat in panel.seats]
    tablets = {}
    for number, (_seat, person) in enumerate(seats, start=1):
        _token, device = pair_device(
            person,
            event.id,
            label=f"平板 {number}",
            ends_at=datetime(2026, 5, 25, tzinfo=UTC),
            actor=Actor(person),
            at=now(),
        )
        tablets[person] = device
    rules = schemes.aspect_rules(scheme.id)
    owners = _owners(event)
    listed = list(works.works(event.id))
    sequences = dict.fromkeys(tablets, 0)
    for work in listed[: int(len(listed) * share)]:
        player = owners[work.id]
        wanted: dict[UUID, list[MarkBody]] = {person: [] for person in tablets}
        for aspect_id, seat, person, value in _values(event, player, rules, seats):
            sequences[person] += 1
            wanted[person].append(
                MarkBody(
                    id=new_id(), work_id=work.id, aspect_id=aspect_id, seat_id=seat, kind="set", value=value, base_id=None,
                    scheme_id=scheme.id, device_id=tablets[person], device_sequence=sequences[person], client_at=now(),
                )
            )  # fmt: skip
            if rules[aspect_id].method == "judgement_0_3" and value == "0":  # the rules want a reason
                sequences[person] += 1
                wanted[person].append(
                    replace(
                        wanted[person][-1],
                        id=new_id(),
                        kind="note",
                        value="有明显缺陷",
                        device_sequence=sequences[person],
                    )
                )
        at = later(minutes=6)
        for person, bodies in wanted.items():
            for start in range(0, len(bodies), 50):
                receive_marks(bodies[start : start + 50], actor=Actor(person, Via.DEVICE, tablets[person]), at=at)


def _owners(event: EventScene) -> dict[UUID, Player]:
    """Whose work is whose: only the demo may look, for it decides how well everybody works."""
    from sqlalchemy import select  # noqa: PLC0415

    from competitions.codes.models import WorkEntry  # noqa: PLC0415
    from foundation.db import session  # noqa: PLC0415

    links = session().execute(select(WorkEntry.work_id, WorkEntry.entry_id)).all()
    return {work: event.entries[entry] for work, entry in links if entry in event.entries}


def _values(
    event: EventScene, player: Player, rules: dict[UUID, AspectRule], seats: list[tuple[UUID, UUID]]
) -> Iterator[tuple[UUID, UUID | None, UUID, str]]:
    # The same skill gives the same marks: that is how the tie comes about. The welders all meet the same difficulties, so that
    # more skill never gives less and the tie stands at places 5 and 6; elsewhere everybody has luck of their own.
    rng = random.Random(event.key if event.key == "welding" else f"{event.key}:{player.skill}")  # nosec B311
    unfinished = event.key == "welding" and event.players.index(player) in _STOPPED["welding"]
    for number, (aspect_id, rule) in enumerate(sorted(rules.items(), key=lambda pair: str(pair[0]))):
        attempted = not (unfinished and number % 2)
        if rule.by_each_judge:
            base = _worth(rule, player.skill, rng)
            for seat, person in seats:
                yield aspect_id, seat, person, _near(rule, base, rng) if attempted else "NA"
        else:
            yield aspect_id, None, seats[0][1], raw_text(_worth(rule, player.skill, rng)) if attempted else "NA"


def _worth(rule: AspectRule, skill: float, rng: random.Random) -> Fraction:
    luck = min(1.0, max(0.0, skill + rng.uniform(-0.06, 0.06)))
    match rule.method:
        case "pass_fail":
            return Fraction(int(rng.random() < 0.15 + 0.85 * luck))
        case "count":
            return Fraction(round(int(rule.options["steps"]) * luck))
        case "choice":
            choices = len(rule.options["choices"])
            return Fraction(1 + round((1 - luck) * (choices - 1)))
        case "deduct_from_full":
            return Fraction(round((1 - luck) * 4))
        case "deduction":
            return Fraction(int(rng.random() > 0.4 + 0.6 * luck))
        case "judgement_0_3":
            return Fraction(round(3 * luck))
        case _:
            return Fraction(int(rule.max_mark * Fraction(luck).limit_denominator(100) * 2), 2)


def _near(rule: AspectRule, base: Fraction, rng: random.Random) -> str:
    if rule.method == "judgement_0_3":
        return raw_text(max(Fraction(0), min(Fraction(3), base - (1 if rng.random() < 0.25 and base > 0 else 0))))
    return raw_text(max(Fraction(0), min(rule.max_mark, base + Fraction(rng.randrange(-2, 3), 2))))


def _sign_and_confirm(scene: Scene, event: EventScene) -> None:
    from competitions.marking.queries.marks import signing_list  # noqa: PLC0415

    scheme, panel = schemes.scheme_in_force(event.id), judges.panels(event.id)[0]
    for criterion in scheme.criteria if scheme else []:
        at = later(minutes=15)
        subs = [sub.id for sub in criterion.sub_criteria]
        first = Actor(panel.seats[0].duty.person_id)
        key = marking.make_signing_list(
            panel.id, subs, title=f"{criterion.code} {criterion.name_zh}", actor=first, at=at
        )
        for seat in panel.seats:
            marking.sign_list(
                key, seat.id, signing_list(key).hash, hand=_hand(scene.rng), actor=Actor(seat.duty.person_id),
                at=later(minutes=2),
            )  # fmt: skip
        marking.confirm_list(key, actor=scene.office["chief"], at=later(minutes=4))


def _hand(rng: random.Random) -> Hand:
    """An invented signature: three strokes across the field."""
    strokes = []
    for start in (40, 220, 400):
        height = rng.randrange(60, 160)
        strokes.append([n for step in range(9) for n in (start + step * 15, height + rng.randrange(-45, 46))])
    return Hand("drawn", json.dumps({"w": 600, "h": 220, "strokes": strokes}))
