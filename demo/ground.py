"""What the demo begins with: an office, a competition, the people who sign in."""

from __future__ import annotations

from datetime import UTC, date, datetime

from accounts.access.actions import grant_role
from accounts.access.roles import Role
from accounts.people.actions import PersonFacts, note_person
from accounts.sign_in import actions as sign_in
from accounts.sign_in import queries as accounts
from competitions.programme.actions import CompetitionFacts, set_up_competition
from foundation.clock import arranged
from foundation.permission import MACHINE, PLATFORM, Actor

STAGES = ("registration",)
PASSWORD = "laurel-demo"
START = datetime(2026, 10, 12, 1, 0, tzinfo=UTC)
PEOPLE = (("admin", "管理员", Role.PLATFORM_ADMINISTRATOR), ("zhoumin", "周敏", Role.ORGANIZER))


def build(*, stage: str, seed: int, if_empty: bool) -> None:  # noqa: ARG001 - later landings go further
    """Build the demo up to `stage`; with `if_empty` only into an installation without accounts."""
    if if_empty and accounts.any_account():
        return
    with arranged(START, seed):
        people = {}
        for login, name, role in PEOPLE:
            person = note_person(PersonFacts(name_zh=name), actor=MACHINE, at=START)
            sign_in.open_account(person, PASSWORD, user_name=login, actor=MACHINE, at=START)
            grant_role(person, role, PLATFORM, actor=MACHINE, at=START)
            people[login] = Actor(person)
        set_up_competition(
            CompetitionFacts(
                name_zh="江州省第三届职业技能大赛", name_en="The Third Jiangzhou Skills Contest", tier="provincial",
                competition_class="class_1", programme="skills_contest", line="human_resources", region_code="320000",
                starts_on=date(2026, 11, 20), ends_on=date(2026, 11, 23), venue="江州会展中心", plan_number="江人社函〔2026〕18号",
                plan_date=date(2026, 3, 16),
                hosts=(("lead_host", "江州省人力资源和社会保障厅"), ("host", "江州省总工会"), ("implementer", "江州技师学院")),
            ),
            actor=people["zhoumin"],
            at=START,
        )  # fmt: skip


def sign_ins() -> str:
    """The demo's sign-ins as text."""
    rows = "\n".join(f"    {login:10} {PASSWORD}   {role.value}" for login, _, role in PEOPLE)
    return f"\n  Demo sign-ins (invented people):\n{rows}"
