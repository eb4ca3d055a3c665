"""What stands on a certificate and how it is said: 人社鉴发〔2021〕1号 (A4, 仿宋小四, `--` where there is no work type)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

GRADE_TEXT = {
    "L5": ("五级/初级工", "Level 5 / Elementary Worker"),
    "L4": ("四级/中级工", "Level 4 / Intermediate Worker"),
    "L3": ("三级/高级工", "Level 3 / Senior Worker"),
    "L2": ("二级/技师", "Level 2 / Technician"),
    "special_technician": ("特级技师", "Special-grade Technician"),
    "L1": ("一级/高级技师", "Level 1 / Senior Technician"),
}
PRIZE_TEXT = {
    "gold_medal": ("金牌", "Gold Medal"),
    "silver_medal": ("银牌", "Silver Medal"),
    "bronze_medal": ("铜牌", "Bronze Medal"),
    "special_prize": ("特等奖", "Special Prize"),
    "first_prize": ("一等奖", "First Prize"),
    "second_prize": ("二等奖", "Second Prize"),
    "third_prize": ("三等奖", "Third Prize"),
    "merit_prize": ("优胜奖", "Merit Prize"),
    "excellence_prize": ("优秀奖", "Excellence Prize"),
}
"""Prizes as certificates print them."""
CERTIFICATE_NAME = "职业技能等级证书"
NO_WORK_TYPE = "--"
# Words that claim the state's own authority; a filed name may carry them, a name made up here may not.
RESERVED_WORDS = ("中华人民共和国", "中华", "中国", "国家", "全国", "国务院", "人力资源社会保障部", "职业资格证书")
_EMBLEMS = (
    "国徽",
    "国旗",
    "national_emblem",
    "national-emblem",
    "state_emblem",
    "state-emblem",
    "guohui",
    "guoqi",
    "党徽",
)


def grade_text(grade: str) -> str:
    """`二级/技师`: the number in Chinese, then the name. Raises KeyError for a grade without a certificate of this kind."""
    return GRADE_TEXT[grade][0]


def grade_text_en(grade: str) -> str:
    """The same in English."""
    return GRADE_TEXT[grade][1]


def work_type(direction: str) -> str:
    """The work type or direction, `--` when there is none: never empty."""
    return direction.strip() or NO_WORK_TYPE


def date_text(day: date) -> str:
    """`2026年12月16日`."""
    return f"{day.year}年{day.month}月{day.day}日"


def date_text_en(day: date) -> str:
    """`16 December 2026`."""
    months = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
              "November", "December")  # fmt: skip
    return f"{day.day} {months[day.month - 1]} {day.year}"


def reserved_words(text: str, *, filed: str = "") -> tuple[str, ...]:
    """The reserved words `text` uses beyond those in the name the issuer is filed under; longest first, none twice."""
    found: list[str] = []
    rest = text.replace(filed, "") if filed else text
    for word in sorted(RESERVED_WORDS, key=len, reverse=True):
        if word in rest:
            found.append(word)
            rest = rest.replace(word, "")
    return tuple(found)


def state_emblems(names: Iterable[str]) -> tuple[str, ...]:
    """Those of a design's files whose names say they show a state emblem or flag: neither belongs on a certificate."""
    return tuple(name for name in names if any(mark in name.lower() for mark in _EMBLEMS))
