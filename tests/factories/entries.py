"""Facts of members, complete by default, with identity numbers that check."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from itertools import count
from typing import Any

from PIL import Image

from catalogue.rules.identity_numbers import check_character
from competitions.entries.member_facts import MemberFacts

_numbers = count(1)


def identity_number(birth: date = date(1990, 5, 1), *, male: bool = True) -> str:
    """A fresh resident identity number of an invented person."""
    serial = next(_numbers) % 500 * 2 + (1 if male else 0)
    seventeen = f"320102{birth:%Y%m%d}{serial:03d}"
    return seventeen + check_character(seventeen)


def member_facts(**overrides: Any) -> MemberFacts:
    """A worker with everything but a photo."""
    given: dict[str, Any] = {
        "name_zh": "林晓禾", "name_en": "Lin Xiaohe", "document_number": identity_number(), "ethnic_group": "01",
        "education": "47", "phone": "13800138000", "address": "江州市学府路1号", "unit_name": "江州重工", "years_in_trade": 8,
    }  # fmt: skip
    return MemberFacts(**(given | overrides))


def picture(width: int = 600, height: int = 800) -> bytes:
    """A plain photo."""
    target = io.BytesIO()
    Image.new("RGB", (width, height), "#9ab").save(target, "JPEG")
    return target.getvalue()


def archive(files: dict[str, bytes]) -> bytes:
    """Files as a ZIP."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return target.getvalue()
