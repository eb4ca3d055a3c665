"""Rosters as offices send them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import openpyxl

from catalogue.rules.identity_numbers import check_character

HEADS = (
    "序号",
    "姓名",
    "身份证号",
    "民族",
    "文化程度",
    "手机号码",
    "工作单位",
    "通讯地址",
    "本职业工作年限",
    "参赛项目",
    "组别",
)
NAMES = ("林晓禾", "欧阳雨", "张伟", "李䶮", "何小满", "周敏", "王强", "陈浩")


def number_of(serial: int) -> str:
    """A valid number of an invented person, by serial."""
    born = date(1970 + serial // 500 % 30, 1 + serial // 40 % 12, 1 + serial % 28)
    seventeen = f"320102{born:%Y%m%d}{serial % 1000:03d}"
    return seventeen + check_character(seventeen)


def line(serial: int, **given: Any) -> list[Any]:
    """One row that is right, but for what is given by head."""
    values = dict(zip(HEADS, (serial, NAMES[serial % len(NAMES)], number_of(serial), "汉族", "技工学校", "13800138000", "江州重工",
                              "江州市学府路1号", str(serial % 20), "焊接", "职工组"), strict=True)) | given  # fmt: skip
    return [values[head] for head in HEADS]


def workbook(
    lines: Sequence[Sequence[Any]], heads: Sequence[str] = HEADS, above: Sequence[Sequence[Any]] = ()
) -> bytes:
    """The rows as an `.xlsx`, under `above`."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("报名表")
    for row in (*above, heads, *lines):
        sheet.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
