"""What the stages of the demo hand to one another."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from demo.cast import Player
from foundation.clock import new_id, now, set_arranged
from foundation.permission import Actor

PASSWORD = "laurel-demo"  # nosec B105
SIGN_INS = (
    ("admin", "韩冰", "平台管理员 platform administrator"),
    ("zhoumin", "周敏", "赛务人员 organizer"),
    ("clerk", "陆晴", "记分员 tally clerk"),
    ("blinding", "邹凯", "加密裁判 blinding judge"),
    ("chief", "王建国", "裁判长 chief judge"),
    ("supervisor", "苏正", "监督员 supervisor"),
    ("officer", "方圆", "评价机构经办人 evaluation officer"),
    ("authority", "严明", "核准机关 approving authority"),
    ("leader", "钱程", "领队 delegation leader (phone)"),
    ("candidate", "林晓禾", "选手 candidate (phone)"),
)


@dataclass(slots=True)
class EventScene:
    """One event of the demo and what is known of it."""

    id: UUID
    division_id: UUID
    key: str
    players: list[Player]
    entries: dict[UUID, Player] = field(default_factory=dict)
    judges: list[UUID] = field(default_factory=list)
    panel_id: UUID | None = None


@dataclass(slots=True)
class Scene:
    """The whole demo."""

    rng: random.Random
    office: dict[str, Actor] = field(default_factory=dict)
    competition_id: UUID = field(default_factory=new_id)
    events: list[EventScene] = field(default_factory=list)


def later(**step: float) -> datetime:
    """Let time pass and answer the new moment."""
    at = now() + timedelta(**step)
    set_arranged(at)
    return at


def go_to(at: datetime) -> datetime:
    """Go to a moment that must not lie in the past."""
    if at < now():
        raise ValueError("the demo does not travel back")
    set_arranged(at)
    return at
