"""Before the competition: leaders meet, ask two questions, one is answered to all; a reminder waits in the outbox."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from competitions.entries.actions.delegations import appoint_officer
from competitions.entries.queries.delegations import delegations_of
from competitions.meetings import actions as meetings
from competitions.outbox import actions as outbox
from competitions.outbox.queries import waiting
from demo.scene import Scene, go_to, later
from foundation.permission import Actor

LEADERS = (("leader", "钱程"), ("leader2", "孔宁"))


def play(scene: Scene) -> None:
    """The leaders' meeting of 15 May, from the notice to the minutes."""
    organizer = scene.office["zhoumin"]
    at = go_to(datetime(2026, 5, 11, 1, 0, tzinfo=UTC))
    led = [row.delegation.id for row in delegations_of(scene.competition_id)[:2]]
    leaders = []
    for delegation, (login, name) in zip(led, LEADERS, strict=True):
        appoint_officer(delegation, "leader", name, user_name=login, actor=organizer, at=at)
        leaders.append(scene.office.get(login, organizer))
    meeting = meetings.arrange_meeting(
        scene.competition_id, "领队会", datetime(2026, 5, 15, 6, 30, tzinfo=UTC), place="江州会展中心三楼会议厅",
        agenda="竞赛日程与检录时间\n安全须知与个人防护\n工位抽签办法\n答疑", actor=organizer, at=at,
    )  # fmt: skip
    meetings.announce_meeting(meeting, address="/delegations/{}/meetings", actor=organizer, at=at)
    outbox.release(scene.competition_id, waiting(scene.competition_id), actor=organizer, at=later(minutes=10))
    _ask(scene, led, leaders, organizer)
    go_to(datetime(2026, 5, 15, 6, 20, tzinfo=UTC))
    meetings.sign_in_leader(meeting, led[0], actor=leaders[0], at=later(minutes=1))
    meetings.sign_in_leader(meeting, led[1], name="孔宁", way="table", actor=organizer, at=later(minutes=3))
    meetings.close_meeting(
        meeting,
        "检录时间为每日 7:30 至 8:00，迟到 15 分钟不得入场。个人防护用品自备。",
        actor=organizer,
        at=later(hours=1),
    )
    text = "请于 5 月 19 日 16 时前到江州会展中心报到，携带身份证件和加盖公章的报名汇总表。"
    outbox.write_messages(scene.competition_id, "leaders", text=text, actor=organizer, at=later(hours=1))


def _ask(scene: Scene, led: list[UUID], leaders: list[Actor], organizer: Actor) -> None:
    """Two questions: one asked anonymously and answered to all, one that still waits."""
    first = meetings.ask(
        led[0], "焊接面罩可以使用自动变光面罩吗？", anonymous=True, actor=leaders[0], at=later(hours=3)
    )
    meetings.ask(led[1], "网站技术赛项的工位是否提供第二块显示器？", actor=leaders[1], at=later(hours=1))
    told = meetings.publish_clarification(
        scene.competition_id, "可以。防护等级应符合 GB/T 3609.1，入场时由现场裁判查验。", question_id=first, public=True,
        actor=organizer, at=later(hours=2),
    )  # fmt: skip
    meetings.confirm_reading(told, led[0], actor=leaders[0], at=later(hours=1))
