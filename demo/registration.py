"""First stage: the competition is set up, schemes are imported, people are entered and reviewed, judges invited."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from uuid import UUID

from accounts.access.actions import grant_role
from accounts.access.roles import Role
from accounts.people.actions import PersonFacts, QualificationFacts, note_person, note_qualification
from accounts.people.models import Basis, QualificationKind
from accounts.sign_in import actions as sign_in
from competitions.entries.actions import entering as entries
from competitions.entries.actions import quotas, replacing
from competitions.entries.member_facts import MemberFacts
from competitions.judges import actions as judges
from competitions.judges.actions import JudgeFacts
from competitions.programme import queries as programme
from competitions.programme.actions import (
    CompetitionFacts,
    DivisionFacts,
    EventFacts,
    PartFacts,
    add_event,
    move_competition,
    set_rules,
    set_up_competition,
)
from competitions.rules.rule_set import RuleSet
from competitions.schemes.actions import import_scheme
from demo import cast, meeting, paperwork, schemes
from demo.cast import Player
from demo.scene import PASSWORD, SIGN_INS, EventScene, Scene, go_to, later
from foundation.clock import now
from foundation.permission import MACHINE, PLATFORM, Actor, Scope, ScopeKind

_ROLES = {
    "admin": Role.PLATFORM_ADMINISTRATOR,
    "zhoumin": Role.ORGANIZER,
    "officer": Role.EVALUATION_OFFICER,
    "authority": Role.APPROVING_AUTHORITY,
}
_THEORY = (PartFacts("theory", Fraction(3, 10)), PartFacts("practice", Fraction(7, 10)))


def play(scene: Scene) -> None:
    """Everything up to the evening before the competition."""
    _office(scene)
    _competition(scene)
    _events(scene)
    organizer, at = scene.office["zhoumin"], go_to(datetime(2026, 4, 1, 1, 0, tzinfo=UTC))
    move_competition(scene.competition_id, "announce", actor=organizer, at=at)
    move_competition(scene.competition_id, "open_registration", actor=organizer, at=at)
    paperwork.ask(scene)
    for event in scene.events:
        _enter(scene, event)
    paperwork.answer(scene, scene.events[0])
    paperwork.compare(scene)
    _places(scene)
    _judges(scene)
    at = go_to(datetime(2026, 5, 8, 9, 0, tzinfo=UTC))
    move_competition(scene.competition_id, "close_registration", actor=organizer, at=at)
    for event in scene.events:
        entries.issue_passes(event.id, actor=organizer, at=at)
    meeting.play(scene)


def _office(scene: Scene) -> None:
    for login, name, _what in SIGN_INS[:-1]:
        person = note_person(PersonFacts(name_zh=name), actor=MACHINE, at=now())
        sign_in.open_account(person, PASSWORD, user_name=login, actor=MACHINE, at=now())
        if login in _ROLES:
            grant_role(person, _ROLES[login], PLATFORM, actor=MACHINE, at=now())
        scene.office[login] = Actor(person)


def _competition(scene: Scene) -> None:
    scene.competition_id = set_up_competition(
        CompetitionFacts(
            name_zh="江州省第三届职业技能大赛", name_en="The Third Jiangzhou Skills Contest", tier="provincial",
            competition_class="class_1", programme="skills_contest", line="human_resources", region_code="990000",
            starts_on=date(2026, 5, 20), ends_on=date(2026, 5, 23), venue="江州会展中心", plan_number="江人社函〔2026〕18号",
            plan_date=date(2026, 3, 16), contact_name="江州省职业技能大赛组委会办公室", contact_phone="0999-8123 4567",
            contact_address="江州市滨江路 18 号", supervision_phone="0999-8123 9999",
            hosts=(("lead_host", "江州省人力资源和社会保障厅"), ("host", "江州省总工会"), ("host", "共青团江州省委员会"),
                   ("implementer", "江州技师学院")),
        ),
        actor=scene.office["zhoumin"],
        at=now(),
    )  # fmt: skip
    prizes = (
        {"prize": "first_prize", "share": "10"}, {"prize": "second_prize", "share": "20"}, {"prize": "third_prize", "share": "30"},
    )  # fmt: skip
    set_rules(
        scene.competition_id,
        RuleSet(prizes=prizes),
        basis="江人社函〔2026〕18号",
        actor=scene.office["zhoumin"],
        at=now(),
    )
    for login, role in (("clerk", Role.TALLY_CLERK), ("blinding", Role.BLINDING_JUDGE)):
        person = scene.office[login].person
        if person is not None:
            scope = Scope(ScopeKind.COMPETITION, str(scene.competition_id))
            grant_role(person, role, scope, actor=scene.office["zhoumin"], at=now())


def _events(scene: Scene) -> None:
    rng = scene.rng
    planned = (
        ("welding", EventFacts("HJ", "焊接", "6-18-02-04", "L3", (DivisionFacts("worker", "职工组", "Workers"),), _THEORY, name_en="Welding"),
         schemes.welding_workbook(), cast.players(rng, 42)),
        ("electrics", EventFacts("DG", "电气装置", "6-31-01-03", "L3", (DivisionFacts("student", "学生组", "Students"),), _THEORY, name_en="Electrical installations"),
         schemes.electrician_workbook(), cast.players(rng, 37, student=True)),
        ("website", EventFacts("WZ", "网站技术", "4-04-05-01", "L3", (DivisionFacts("worker", "职工组", "Workers"),), (PartFacts("practice", Fraction(1)),), name_en="Web technologies"),
         schemes.website_workbook(), cast.players(rng, 31)),
    )  # fmt: skip
    for key, facts, workbook, players in planned:
        event_id = add_event(scene.competition_id, facts, actor=scene.office["zhoumin"], at=later(minutes=20))
        import_scheme(
            event_id, workbook, name=f"{facts.name_zh}评分标准.xlsx", actor=scene.office["zhoumin"], at=later(minutes=5)
        )
        division = programme.event(event_id).divisions[0].id
        scene.events.append(EventScene(event_id, division, key, players))
    _arrange_cases(scene)


def _arrange_cases(scene: Scene) -> None:
    """Give the awkward cases to people whose places are foreseeable."""
    welders, students, developers = (event.players for event in scene.events)
    welders.sort(key=lambda player: -player.skill)
    for place, player in enumerate(welders):
        welders[place] = replace(player, skill=0.985 - 0.014 * place)
    welders[3] = replace(welders[3], name="林晓禾", name_en="Lin Xiaohe")
    welders[5] = replace(welders[5], skill=welders[4].skill)  # the tie at places 5 and 6
    welders[20] = replace(welders[20], name="王伟", unit=cast.UNITS[0])
    welders[24] = replace(welders[24], name="王伟", unit=cast.UNITS[2])
    students[6] = cast.born_on(students[6], scene.rng, date(2008, 9, 1))  # a minor on the first day
    developers[4] = replace(developers[4], name="吕𬭎")


def _enter(scene: Scene, event: EventScene) -> None:
    organizer = scene.office["zhoumin"]
    for place, player in enumerate(event.players):
        at = later(minutes=7)
        entry = entries.enter(
            event.id, event.division_id, [_member(event, place, player)], delegation=player.unit, actor=organizer, at=at
        )
        entries.keep_photo(entry, 1, cast.portrait(scene.rng), actor=organizer, at=at)
        if event.key == "electrics" and place == 6:
            entries.keep_consent(entry, 1, cast.portrait(scene.rng), media_type="image/jpeg", actor=organizer, at=at)
        event.entries[entry] = player
        _review(event, place, entry, actor=organizer)
    if event.key == "welding":
        _claim(scene, event)
        _promoted_before(event, organizer)


def _places(scene: Scene) -> None:
    """A quota of the notice, somebody who waits for a place in it, and one person replaced on a sealed statement."""
    organizer, event, rng = scene.office["zhoumin"], scene.events[-1], random.Random(58)
    unit, most = Counter(player.unit for player in event.players).most_common(1)[0]
    stored = {
        "per": "delegation", "each": "event", "most": most, "counted": "entries", "events": [programme.event(event.id).code],
        "beyond": "waiting", "article": "江人社函〔2026〕18号 三（二）",
    }  # fmt: skip
    quotas.add_quota(scene.competition_id, stored, actor=organizer, at=later(minutes=5))
    waits, comes = (replace(player, unit=unit) for player in cast.players(rng, 2))
    entries.enter(
        event.id, event.division_id, [_member(event, 99, waits)], delegation=unit, actor=organizer, at=later(minutes=5)
    )
    last = list(event.entries)[-1]
    comes = replace(comes, unit=event.entries[last].unit)
    replacing.replace_member(
        last, 1, _member(event, 99, comes), reason="因公出国，见单位说明", statement=cast.portrait(rng), media_type="image/jpeg",
        actor=organizer, at=later(hours=20),
    )  # fmt: skip
    entries.keep_photo(last, 1, cast.portrait(rng), actor=organizer, at=later(minutes=5))
    entries.review_entry(last, "accept", actor=organizer, at=later(minutes=5))


def _member(event: EventScene, place: int, player: Player) -> MemberFacts:
    made = MemberFacts(
        name_zh=player.name, identity_class=player.identity_class, name_en=player.name_en, document_number=player.identity_number,
        ethnic_group=player.ethnic_group, education=player.education, phone=player.phone, address=player.address,
        unit_name=player.unit, post="" if player.identity_class == "student" else "技术工人", years_in_trade=player.years,
    )  # fmt: skip
    if event.key != "welding":
        return made
    held = {
        1: ("L2", "6-18-02-04", "焊工", "verified"),  # holds 技师 of the same occupation
        2: ("L2", "6-31-01-03", "电工", "verified"),  # a certificate of another occupation
        3: ("L3", "6-18-02-04", "焊工", "verified"),
    }.get(place)
    if held:
        grade, code, name, basis = held
        made = replace(made, held_grade=grade, held_occupation_code=code, held_occupation_name=name,
                       held_number=f"S000099{place:06d}24{grade[1]}000{place:03d}", held_basis=basis)  # fmt: skip
    if place == 41:
        made = replace(made, titles=("全国技术能手",))  # barred by the rules
    return made


def _review(event: EventScene, place: int, entry: UUID, *, actor: Actor) -> None:
    if event.key == "welding" and place == 41:
        entries.review_entry(
            entry, "refuse", note="全国技术能手获得者不得参赛（竞赛规则第九条）", actor=actor, at=later(minutes=1)
        )
    else:
        entries.review_entry(entry, "accept", actor=actor, at=later(minutes=1))


def _claim(scene: Scene, event: EventScene) -> None:
    """The candidate of the sign-ins claims the entry with the code on the slip."""
    entry, player = next((key, one) for key, one in event.entries.items() if one.name == "林晓禾")
    member = next(iter(_members(entry)))
    code = entries.issue_claim_code(member, actor=scene.office["zhoumin"], at=now())
    person = entries.claim(
        player.name,
        "resident_identity_card",
        player.identity_number,
        code,
        password=PASSWORD,
        user_name="candidate",
        at=later(hours=5),
    )
    scene.office["candidate"] = Actor(person)


def _members(entry_id: UUID) -> list[UUID]:
    from competitions.entries.queries.entries import entry  # noqa: PLC0415

    return [member.id for member in entry(entry_id).members]


def _promoted_before(event: EventScene, actor: Actor) -> None:
    """Place 7 was promoted by another competition earlier this year; it stands in the register."""
    from competitions.entries.queries.entries import entry  # noqa: PLC0415

    entry_id = list(event.entries)[6]
    note_qualification(
        entry(entry_id).members[0].person_id,
        QualificationFacts(
            kind=QualificationKind.GRADE, name="L3", occupation_code="6-18-02-04", occupation_name="焊工", occupation_edition="2022",
            number="S000099100001263000007", issuer="临江市焊接协会", held_from=date(2026, 2, 10), basis=Basis.REGISTER,
            basis_note="2026 年临江市职工焊接技能竞赛", source_kind="award_case", source_id=entry_id,
        ),
        actor=actor, at=now(),
    )  # fmt: skip


def _judges(scene: Scene) -> None:
    organizer = scene.office["zhoumin"]
    names = iter(
        (
            "李芳",
            "陈浩",
            "赵海",
            "孙倩",
            "郭涛",
            "何静",
            "马骏",
            "罗兰",
            "梁栋",
            "宋佳",
            "郑凯",
            "谢敏",
            "韩雪",
            "唐宁",
            "冯毅",
        )
    )
    for event in scene.events:
        at = later(hours=2)
        for login, role in (("chief", "chief_judge"), ("supervisor", "supervisor")):
            duty = judges.invite_judge(
                event.id, JudgeFacts(SIGN_INS_NAMES[login], login=login), role, actor=organizer, at=at
            )
            code = judges.invitation_code(duty, actor=organizer, at=at)
            judges.accept_invitation(code, actor=scene.office[login], at=later(minutes=30))
        for _ in range(4):
            facts = JudgeFacts(next(names), unit_name="江州省职业技能竞赛裁判库", licence="国家级裁判员")
            duty = judges.invite_judge(event.id, facts, "judge", actor=organizer, at=at)
            judges.issue_card(duty, "246810", actor=organizer, at=at)
            event.judges.append(duty)
        event.panel_id = judges.set_up_panel(
            event.id, "A 组", "own_tablet", event.judges[:3], _all_sub_criteria(event.id), actor=organizer, at=at
        )


SIGN_INS_NAMES = {login: name for login, name, _what in SIGN_INS}


def _all_sub_criteria(event_id: UUID) -> list[UUID]:
    from competitions.schemes.queries import scheme_in_force  # noqa: PLC0415

    scheme = scheme_in_force(event_id)
    return [sub.id for criterion in (scheme.criteria if scheme else []) for sub in criterion.sub_criteria]
