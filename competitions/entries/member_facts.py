"""What is said of one member of an entry: checked against itself before anything is stored. Knows no database."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from accounts.people.actions import PersonFacts
from accounts.people.identity import plain_phone
from catalogue.rules.identity_numbers import checked_identity
from catalogue.rules.seniority import GRADES
from foundation.refusal import Refusal

_DOTS = str.maketrans("•・‧∙⋅．", "······")


def plain_name(name: str) -> str:
    """A name in its normal form: NFC, one kind of middle dot, no blanks around or between Chinese characters."""
    text = unicodedata.normalize("NFC", name).translate(_DOTS).strip()
    return "".join(text.split()) if any(sign >= "\u2e80" for sign in text) else " ".join(text.split())


def same_name(one: str, other: str) -> bool:
    """Are two names the same person's name as written on a document?"""
    return plain_name(one).casefold() == plain_name(other).casefold()


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """One person of an entry. Empty text and None mean: not said."""

    name_zh: str
    identity_class: str = "worker"
    name_en: str = ""
    document_kind: str = "resident_identity_card"
    document_number: str = ""
    sex: str = ""
    birth_date: date | None = None
    ethnic_group: str = ""
    education: str = ""
    phone: str = ""
    address: str = ""
    unit_name: str = ""
    post: str = ""
    years_in_trade: int | None = None
    held_grade: str = ""
    held_occupation_code: str = ""
    held_occupation_name: str = ""
    held_number: str = ""
    held_basis: str = "declared"
    titles: tuple[str, ...] = ()
    photo_id: UUID | None = None
    consent_file_id: UUID | None = None

    def checked(self) -> MemberFacts:
        """The same in normal form; birth date and sex filled from the number.

        Raises Refusal name_missing, name_form, name_private_character, phone_form, years_wrong, birth_date_disagrees,
        sex_disagrees, held_grade_incomplete, basis_wrong, and those of `checked_identity`.
        """
        made = replace(self, name_zh=checked_name(self.name_zh), name_en=" ".join(self.name_en.split()))
        if self.document_number:
            made = made._agreeing_with_number()
        if self.phone:
            digits = plain_phone(self.phone)
            if len(digits) != 11 or not digits.startswith("1"):
                raise Refusal("phone_form", field="phone")
            made = replace(made, phone=digits)
        if self.years_in_trade is not None and not 0 <= self.years_in_trade <= 70:
            raise Refusal("years_wrong", field="years_in_trade")
        if self.held_grade and (self.held_grade not in GRADES or not self.held_occupation_name.strip()):
            raise Refusal("held_grade_incomplete", field="held_occupation_name")
        if self.held_basis not in ("declared", "verified"):
            raise Refusal("basis_wrong", field="held_basis")
        return made

    def _agreeing_with_number(self) -> MemberFacts:
        said = checked_identity(self.document_kind, self.document_number)
        if said.birth_date and self.birth_date and said.birth_date != self.birth_date:
            raise Refusal("birth_date_disagrees", field="birth_date")
        if said.sex and self.sex in ("1", "2") and said.sex != self.sex:
            raise Refusal("sex_disagrees", field="sex")
        return replace(
            self,
            document_number=said.number,
            birth_date=said.birth_date or self.birth_date,
            sex=said.sex or self.sex,
            name_zh=checked_name(self.name_zh),
            name_en=" ".join(self.name_en.split()),
        )

    def document(self) -> tuple[str, str] | None:
        """(kind, number), or None when no number was given."""
        return (self.document_kind, self.document_number) if self.document_number else None

    def person(self) -> PersonFacts:
        """What belongs to the person rather than to the entry."""
        return PersonFacts(
            name_zh=self.name_zh, name_en=self.name_en, sex=self.sex, birth_date=self.birth_date,
            ethnic_group=self.ethnic_group, education=self.education, phone=self.phone, address=self.address,
            photo_id=self.photo_id,
        )  # fmt: skip


def checked_name(name: str) -> str:
    """`name` in its normal form. Raises Refusal name_missing, name_form, name_private_character."""
    plain = plain_name(name)
    if not plain or len(plain) > 60:
        raise Refusal("name_missing", field="name_zh")
    for sign in plain:
        kind = unicodedata.category(sign)
        if kind in ("Co", "Cn", "Cs"):
            raise Refusal("name_private_character", field="name_zh", sign=sign if kind == "Co" else "?")
        if kind.startswith(("N", "C", "S")) or (kind.startswith("P") and sign not in "·-'.’"):
            if unicodedata.category(sign) == "Nl" or sign == "〇":
                continue  # 〇 is a character of names
            raise Refusal("name_form", field="name_zh", sign=sign)
    return plain
