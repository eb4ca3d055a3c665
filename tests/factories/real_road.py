"""A whole event on a real marking scheme, driven through the actions: entries, judges, marks, signatures, publications.

Everything about the people is invented; how well everybody works is fixed, so that places are foreseeable: the work of place n
fails everything the work of place n − 1 fails and something more. Two of them work alike.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from uuid import UUID

from sqlalchemy import select

from accounts.access.roles import Role
from accounts.sign_in.actions import open_account, pair_device
from competitions.codes import actions as codes
from competitions.codes import queries as works
from competitions.codes.models import WorkEntry
from competitions.entries.actions import check_in
from competitions.entries.actions import entering as entries
from competitions.entries.member_facts import MemberFacts
from competitions.entries.models.entries import Attendance
from competitions.entries.queries.entries import entry as entry_of
from competitions.judges import actions as judges
from competitions.judges import queries as panels
from competitions.judges.actions import JudgeFacts
from competitions.marking.actions import signing as marking
from competitions.marking.bodies import MarkBody
from competitions.marking.ledger import LARGEST_BATCH, Answer, receive_marks
from competitions.marking.queries.marks import signing_list
from competitions.programme import queries as programme
from competitions.programme.actions import (
    CompetitionFacts,
    DivisionFacts,
    EventFacts,
    PartFacts,
    add_event,
    move_competition,
    set_up_competition,
)
from competitions.publications.actions import decide_results, post_results, propose_results
from competitions.results.actions import compute_run, sign_run
from competitions.rules.scoring.aspects import AspectRule, raw_text
from competitions.schemes import queries as schemes
from competitions.schemes.actions import import_scheme
from competitions.schemes.models import MarkingScheme
from demo.cast import identity_number
from foundation.clock import new_id, now, set_arranged
from foundation.db import session
from foundation.permission import Actor, Scope, ScopeKind, Via
from tests.factories.accounts import PASSWORD, make_grant, make_person

START = datetime(2023, 4, 3, 1, 0, tzinfo=UTC)
FIRST_DAY = date(2023, 5, 22)
OCCUPATION = ("4-04-05-01", "计算机程序设计员")
WORKS = 31
ALIKE = 11
"""The work after this one (counted from 0) is as good as it."""
STUDENTS = (2, 8, 12)
HELD = {0: ("L3", *OCCUPATION), 1: ("L2", *OCCUPATION), 3: ("L2", "6-31-01-03", "电工"), 9: ("L2", *OCCUPATION)}
"""What somebody holds, verified, by how good they are: 0 the best."""


def later(**step: float) -> datetime:
    """Let time pass and answer the new moment."""
    at = now() + timedelta(**step)
    set_arranged(at)
    return at


@dataclass(slots=True)
class Road:
    """The event and who works in it. `entries` stand from the best to the worst; `marks` is what every cell said last."""

    organizer: Actor
    office: dict[str, Actor] = field(default_factory=dict)
    competition_id: UUID = field(default_factory=new_id)
    event_id: UUID = field(default_factory=new_id)
    division_id: UUID = field(default_factory=new_id)
    entries: list[UUID] = field(default_factory=list)
    people: list[UUID] = field(default_factory=list)
    tablets: dict[UUID, UUID] = field(default_factory=dict)
    sequences: defaultdict[UUID, int] = field(default_factory=lambda: defaultdict(int))
    marks: dict[tuple[UUID, UUID], list[str]] = field(default_factory=dict)
    sent: list[tuple[Actor, list[MarkBody], list[Answer]]] = field(default_factory=list)
    scheme_id: UUID = field(default_factory=new_id)

    @property
    def scheme(self) -> MarkingScheme:
        """The scheme in force."""
        found = schemes.scheme_in_force(self.event_id)
        assert found is not None
        return found

    def body(self, work: UUID, aspect: UUID, seat: UUID | None, judge: UUID, value: str, base: UUID | None = None) -> MarkBody:  # fmt: skip
        """The next mark of a judge's tablet."""
        self.sequences[judge] += 1
        return MarkBody(
            id=new_id(), work_id=work, aspect_id=aspect, seat_id=seat, kind="set", value=value, base_id=base,
            scheme_id=self.scheme_id, device_id=self.tablets[judge], device_sequence=self.sequences[judge], client_at=now(),
        )  # fmt: skip

    def send(self, judge: UUID, bodies: Sequence[MarkBody]) -> list[Answer]:
        """Send marks from a judge's own tablet in batches."""
        actor, answers = Actor(judge, Via.DEVICE, self.tablets[judge]), []
        for start in range(0, len(bodies), LARGEST_BATCH):
            batch = list(bodies[start : start + LARGEST_BATCH])
            got = receive_marks(batch, actor=actor, at=later(seconds=20))
            self.sent.append((actor, batch, got))
            answers += got
        return answers


def set_up(workbook: bytes) -> Road:
    """A provincial competition of class I with one event for single competitors, its scheme imported."""
    organizer = make_person("周敏")
    make_grant(organizer, Role.ORGANIZER)
    road = Road(Actor(organizer))
    road.competition_id = set_up_competition(
        CompetitionFacts(
            name_zh="江州省第三届职业技能大赛", tier="provincial", competition_class="class_1", programme="skills_contest",
            line="human_resources", region_code="410000", starts_on=FIRST_DAY, ends_on=FIRST_DAY + timedelta(days=2),
            hosts=(("lead_host", "江州省人力资源和社会保障厅"),), plan_number="江人社函〔2023〕18号", plan_date=date(2023, 3, 16),
            contact_name="大赛组委会办公室", contact_phone="0999-81234567", contact_address="江州市滨江路18号",
            supervision_phone="0999-81239999",
        ),
        actor=road.organizer, at=now(),
    )  # fmt: skip
    facts = EventFacts(
        "WZ", "网站技术", OCCUPATION[0], "L3", (DivisionFacts("open", "公开组"),), (PartFacts("practice", Fraction(1)),)
    )
    road.event_id = add_event(road.competition_id, facts, actor=road.organizer, at=later(minutes=20))
    road.scheme_id = import_scheme(
        road.event_id, workbook, name="评分标准.xlsx", actor=road.organizer, at=later(minutes=5)
    )
    road.division_id = programme.event(road.event_id).divisions[0].id
    for name in ("announce", "open_registration"):
        move_competition(road.competition_id, name, actor=road.organizer, at=later(hours=1))
    return road


def enter_everybody(road: Road) -> None:
    """31 people by the organizer's form, each accepted; in no order that tells how good they are."""
    rng = random.Random(31)
    order = list(range(WORKS))
    rng.shuffle(order)
    made: dict[int, UUID] = {}
    for place in order:
        member = MemberFacts(
            name_zh=f"赛手{'甲乙丙丁戊己庚辛壬癸'[place // 10]}{'零一二三四五六七八九'[place % 10]}",
            identity_class="student" if place in STUDENTS else "worker",
            document_number=identity_number(rng, date(1995, 1, 1) + timedelta(days=97 * place), female=place % 3 == 0),
            ethnic_group="01", education="41", phone=f"199{place:08d}", address="江州市滨江路1号", unit_name=f"江州单位{place % 7}",
            years_in_trade=4,
        )  # fmt: skip
        if place in HELD:
            grade, code, occupation = HELD[place]
            member = _holding(member, grade, code, occupation, place)
        made[place] = entries.enter(
            road.event_id, road.division_id, [member], delegation=member.unit_name, actor=road.organizer, at=later(minutes=3)
        )  # fmt: skip
        entries.review_entry(made[place], "accept", actor=road.organizer, at=later(minutes=1))
    road.entries = [made[place] for place in range(WORKS)]
    road.people = [entry_of(key).members[0].person_id for key in road.entries]


def _holding(member: MemberFacts, grade: str, code: str, occupation: str, place: int) -> MemberFacts:
    return replace(
        member, held_grade=grade, held_occupation_code=code, held_occupation_name=occupation, held_basis="verified",
        held_number=f"S000099{place:06d}20{grade[1]}000{place:03d}",
    )  # fmt: skip


def seat_judges(road: Road) -> None:
    """Chief and supervisor accept by link; nine judges get card and PIN; three panels of three share the criteria."""
    for login, role, name in (("chief", "chief_judge", "王建国"), ("supervisor", "supervisor", "苏正")):
        person = make_person(name)
        open_account(person, PASSWORD, user_name=login, actor=road.organizer, at=now())
        road.office[login] = Actor(person)
        duty = judges.invite_judge(
            road.event_id, JudgeFacts(name, login=login), role, actor=road.organizer, at=later(minutes=5)
        )
        code = judges.invitation_code(duty, actor=road.organizer, at=now())
        judges.accept_invitation(code, actor=road.office[login], at=later(minutes=30))
    road.office["blinding"] = Actor(make_person("邹凯"))
    scope = Scope(ScopeKind.COMPETITION, str(road.competition_id))
    make_grant(road.office["blinding"].person or new_id(), Role.BLINDING_JUDGE, scope)
    criteria = road.scheme.criteria
    for number, name in enumerate("ABC"):
        duties = []
        for seat in range(3):
            facts = JudgeFacts(f"评委{name}{seat + 1}", unit_name="江州省裁判库")
            duty = judges.invite_judge(road.event_id, facts, "judge", actor=road.organizer, at=later(minutes=5))
            judges.issue_card(duty, "246810", actor=road.organizer, at=now())
            duties.append(duty)
        subs = [sub.id for criterion in criteria[2 * number : 2 * number + 2] for sub in criterion.sub_criteria]
        judges.set_up_panel(
            road.event_id, f"{name} 组", "own_tablet", duties, subs, actor=road.organizer, at=later(minutes=5)
        )


def open_the_day(road: Road) -> None:
    """Registration closes, passes, check-in, works, tablets."""
    move_competition(road.competition_id, "close_registration", actor=road.organizer, at=later(days=1))
    entries.issue_passes(road.event_id, actor=road.organizer, at=later(hours=1))
    set_arranged(datetime(2023, 5, 22, 0, 30, tzinfo=UTC))
    move_competition(road.competition_id, "start", actor=road.organizer, at=now())
    for key in road.entries:
        check_in.note_attendance(key, Attendance.PRESENT, actor=road.organizer, at=later(seconds=30))
    codes.make_works(road.event_id, actor=road.office["blinding"], at=later(minutes=10))
    for panel in panels.panels(road.event_id):
        for seat in panel.seats:
            person = seat.duty.person_id
            _token, road.tablets[person] = pair_device(
                person, road.event_id, label=f"{panel.name} {seat.number}", ends_at=now() + timedelta(days=3),
                actor=Actor(person), at=now(),
            )  # fmt: skip


def work_of_entry(road: Road) -> dict[UUID, UUID]:
    """Whose work is whose: only who plays the competitors may look, for it decides how well everybody works."""
    links = session().execute(select(WorkEntry.work_id, WorkEntry.entry_id)).all()
    return {entry: work for work, entry in links if entry in set(road.entries)}


def value_of(rule: AspectRule, number: int, place: int) -> Fraction:
    """What the work of a place gets for aspect `number`: never more than the work before it gets."""
    place -= place > ALIKE
    if rule.method == "pass_fail":
        return Fraction(int((number * 37) % 192 >= 5 * place))
    if rule.method == "count":
        return max(Fraction(0), Fraction(int(rule.options["steps"]) - place // 6))
    if rule.method == "choice":
        by_worth = sorted(range(4), key=lambda one: Fraction(rule.options["choices"][one]["deduction"]))
        return Fraction(by_worth[min(3, place // 8)] + 1)
    if rule.method == "judgement_0_3":
        return Fraction(max(0, 3 - (place + number % 4) // 8))
    return Fraction(int(rule.max_mark * (40 - place) / 40 * 100), 100)


def mark_everything(road: Road, *, untried: Mapping[int, int]) -> None:
    """Every aspect of every work. Measured aspects once a panel, by its first seat; judged ones by each judge on an own tablet.

    `untried`: place → how many of the aspects that work failed were not attempted at all.
    """
    owned, rules = work_of_entry(road), schemes.aspect_rules(road.scheme_id)
    seated = {
        assignment.sub_criterion_id: [(seat.id, seat.duty.person_id) for seat in panel.seats]
        for panel in panels.panels(road.event_id)
        for assignment in panel.assignments
    }
    wanted: dict[UUID, list[MarkBody]] = {judge: [] for judge in road.tablets}
    for place, entry in enumerate(road.entries):
        work, left = owned[entry], untried.get(place, 0)
        for number, (aspect, sub) in enumerate(aspects_in_order(road.scheme)):
            rule, seats = rules[aspect], seated[sub]
            value = value_of(rule, number, place)
            absent = left > 0 and value == 0
            left -= absent
            given = [_seen(rule, value, number, index) for index in range(len(seats) if rule.by_each_judge else 1)]
            given = ["NA"] * len(given) if absent else given
            road.marks[work, aspect] = given
            for (seat, judge), text in zip(seats, given, strict=False):
                wanted[judge].append(road.body(work, aspect, seat if rule.by_each_judge else None, judge, text))
                if rule.method == "judgement_0_3" and text == "0":  # the rules want a reason
                    wanted[judge].append(replace(road.body(work, aspect, seat, judge, "未达要求"), kind="note"))
    for judge, bodies in wanted.items():
        assert {answer.status for answer in road.send(judge, bodies)} == {"received"}


def _seen(rule: AspectRule, value: Fraction, number: int, seat: int) -> str:
    lower = rule.method == "judgement_0_3" and seat == number % 3 and value > 0
    return raw_text(value - lower)


def aspects_in_order(scheme: MarkingScheme) -> Iterator[tuple[UUID, UUID]]:
    """(aspect, sub-criterion) in the scheme's order."""
    for criterion in scheme.criteria:
        for sub in criterion.sub_criteria:
            for aspect in sub.aspects:
                yield aspect.id, sub.id


def sign_everything(road: Road) -> None:
    """A list a criterion, signed by all three seats, confirmed by the chief; then two people unblind."""
    for panel in panels.panels(road.event_id):
        mine = {assignment.sub_criterion_id for assignment in panel.assignments}
        for criterion in road.scheme.criteria:
            subs = [sub.id for sub in criterion.sub_criteria if sub.id in mine]
            if not subs:
                continue
            first = Actor(panel.seats[0].duty.person_id)
            key = marking.make_signing_list(panel.id, subs, title=criterion.code, actor=first, at=later(minutes=9))
            for seat in panel.seats:
                signer = Actor(seat.duty.person_id)
                marking.sign_list(key, seat.id, signing_list(key).hash, actor=signer, at=later(minutes=1))
            marking.confirm_list(key, actor=road.office["chief"], at=later(minutes=4))
    codes.ask_unblinding(road.event_id, actor=road.office["blinding"], at=later(minutes=20))
    codes.agree_unblinding(road.event_id, actor=road.office["supervisor"], at=later(minutes=5))


def publish(road: Road) -> tuple[UUID, dict[str, UUID]]:
    """Run, two signatures, 赛场公布, 公示 past its last day, 公布. Answers the run and the publications by kind."""
    run = compute_run(road.event_id, road.division_id, actor=road.organizer, at=later(minutes=3))
    for role, login in (("chief_judge", "chief"), ("supervisor", "supervisor")):
        sign_run(run, role=role, actor=road.office[login], at=later(minutes=10))
    made = {"posted": post_results(run, actor=road.organizer, at=later(minutes=5))}
    made["proposed"] = propose_results(run, actor=road.organizer, at=later(days=1))
    at = later(days=14)
    made["decided"] = decide_results(
        run, document_number="江人社竞〔2023〕28号", document_date=at.date(), actor=road.organizer, at=at
    )
    return run, made


def works_of(road: Road) -> list[UUID]:
    """The works in the order of their codes."""
    return [work.id for work in works.works(road.event_id)]
