"""What the demo's form asks beside the usual, and a decision list on which a competitor's name stands: somebody else, as it turned out."""

from __future__ import annotations

from datetime import date

from competitions.entries.actions import eligibility, fields
from competitions.entries.decisions import ListedName
from competitions.entries.queries.eligibility import possible_matches
from competitions.rules.registration_fields import Field, Option
from demo.scene import EventScene, Scene, later

SIZES = (Option("s", "小号", "Small"), Option("m", "中号", "Medium"), Option("l", "大号", "Large"))
MEALS = (Option("usual", "普通餐", "Usual"), Option("halal", "清真餐", "Halal"), Option("plain", "素食", "Vegetarian"))


def ask(scene: Scene) -> None:
    """Sizes, meals and the day of arrival, asked of everybody; whom to call, asked of the delegation."""
    organizer, at = scene.office["zhoumin"], later(minutes=5)
    for label, english, field in (
        ("服装尺码", "Size of clothes", Field("size", "choice", options=SIZES)),
        ("用餐", "Meals", Field("meal", "choice", options=MEALS)),
        ("到达日期", "Day of arrival", Field("arrival", "date", filled_by="leader")),
        ("经办人", "Contact", Field("clerk", "text", filled_by="leader", about="delegation")),
    ):
        fields.add_field(scene.competition_id, field, label, label_en=english, actor=organizer, at=at)


def answer(scene: Scene, event: EventScene) -> None:
    """What the competitors of an event answered; the last of them did not."""
    organizer, at = scene.office["zhoumin"], later(minutes=2)
    for place, entry in enumerate(list(event.entries)[:-3]):
        given = {
            "size": ("s", "m", "m", "l")[place % 4], "meal": "halal" if place % 9 == 4 else "usual",
            "arrival": "2026-05-19" if place % 3 else "2026-05-18",
        }  # fmt: skip
        fields.note_answers(entry, 1, given, capacity="organizer", actor=organizer, at=at)


def compare(scene: Scene) -> None:
    """A list of 全国技术能手 names a 王伟 of another works: two competitors of that name are looked at and are somebody else."""
    organizer, at = scene.office["zhoumin"], later(minutes=30)
    names = [ListedName("王伟", "临江造船厂"), ListedName("高建业", "安平机床厂"), ListedName("沈立群", "临江造船厂")]
    eligibility.import_decision(
        scene.competition_id, "title", "全国技术能手", names, document_number="江人社发〔2025〕77号（演示）",
        decided_on=date(2025, 12, 1), actor=organizer, at=at,
    )  # fmt: skip
    for one in possible_matches(scene.competition_id):
        eligibility.settle_match(
            scene.competition_id, one.name.id, one.person.id, same=False, reason="单位与证件号码均不同，已电话核实",
            actor=organizer, at=later(minutes=3),
        )  # fmt: skip
