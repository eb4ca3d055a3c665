"""Check digits and what an identity number says of its holder (GB 11643-1999; GB 32100-2015 for bodies).

The address part is never looked up: codes of places that no longer exist stay valid, and residence permits use codes that
are no places.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from foundation.refusal import Refusal

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_EIGHTEEN = re.compile(r"\d{17}[\dX]")
EIGHTEEN_DIGIT_KINDS = (
    "resident_identity_card",
    "hkm_residence_permit",
    "taiwan_residence_permit",
    "foreign_permanent_residence",
)
_LEADS = {"hkm_residence_permit": ("81", "82"), "taiwan_residence_permit": ("83",)}


@dataclass(frozen=True, slots=True)
class Identity:
    """What a checked number says; unknown for papers whose numbers say nothing."""

    number: str
    birth_date: date | None = None
    sex: str = ""  # "1" male, "2" female, "" not said


def check_character(first_seventeen: str) -> str:
    """The eighteenth character (ISO 7064 MOD 11-2)."""
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(first_seventeen, _WEIGHTS, strict=True)) % 11]


def checked_identity(kind: str, number: str) -> Identity:
    """`number` in its normal form with what it says.

    Raises Refusal identity_number_form, identity_number_check, identity_number_birth, identity_number_kind.
    """
    plain = "".join(number.split()).upper().translate(str.maketrans("０１２３４５６７８９Ｘ", "0123456789X"))
    if kind not in EIGHTEEN_DIGIT_KINDS:
        if not re.fullmatch(r"[A-Z0-9\u4e00-\u9fff-]{4,30}", plain):
            raise Refusal("identity_number_form_other", field="identity_number")
        return Identity(plain)
    if kind == "foreign_permanent_residence" and re.fullmatch(r"[A-Z]{3}\d{12}", plain):
        return Identity(plain)  # cards issued before 2023
    if not _EIGHTEEN.fullmatch(plain):
        raise Refusal("identity_number_form", field="identity_number", length=len(plain))
    if check_character(plain[:17]) != plain[17]:
        raise Refusal("identity_number_check", field="identity_number")
    leads = _LEADS.get(kind)
    if leads and not plain.startswith(leads):
        raise Refusal("identity_number_kind", field="identity_number")
    try:
        born = date(int(plain[6:10]), int(plain[10:12]), int(plain[12:14]))
    except ValueError as wrong:
        raise Refusal("identity_number_birth", field="identity_number") from wrong
    return Identity(plain, born, "1" if int(plain[16]) % 2 else "2")
