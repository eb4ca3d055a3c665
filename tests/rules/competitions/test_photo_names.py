"""Whose photo a file is, told by its name."""

from __future__ import annotations

from uuid import UUID

import pytest

from competitions.rules.photo_names import Match, Sitter, masked_path, match_photo, safe_name

NUMBER = "320102199005011231"
WEI, OTHER, MING = UUID(int=1), UUID(int=2), UUID(int=3)
SITTERS = (
    Sitter(WEI, "张伟", "江州重工", 12, "HJ001"),
    Sitter(OTHER, "张伟", "江州船厂", 13, "HJ002"),
    Sitter(MING, "张伟明", "江州重工", 14),
)


@pytest.mark.parametrize(
    ("path", "person", "how"),
    [
        (f"{NUMBER}.jpg", WEI, "identity"),
        (f"照片/张伟明_{NUMBER}.JPG", WEI, "identity"),
        ("hj002.png", OTHER, "pass"),
        ("14.jpg", MING, "number"),
        ("0014.jpg", MING, "number"),
        ("张伟-江州重工.jpg", WEI, "name_unit"),
        ("江州船厂/张伟.jpeg", OTHER, "name_unit"),
        ("13-张伟.jpg", OTHER, "name"),
        ("张伟明.webp", MING, "name"),
        ("江州重工张伟明.jpg", MING, "name_unit"),
    ],
)
def test_a_name_that_fits_one_person(path: str, person: UUID, how: str) -> None:
    assert match_photo(path, SITTERS, {NUMBER: WEI}.get) == Match(person, how)


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("张伟.jpg", "photo_several"),
        ("名单.xlsx", "photo_no_picture"),
        ("110101199001011237.jpg", "photo_number_unknown"),
        ("IMG_2041.jpg", "photo_nobody"),
        ("99.jpg", "photo_nobody"),
        ("12-李四.jpg", "photo_nobody"),
        ("李四.jpg", "photo_nobody"),
    ],
)
def test_a_name_that_fits_nobody_or_several_says_why(path: str, why: str) -> None:
    assert match_photo(path, SITTERS, {NUMBER: WEI}.get) == Match(None, why=why)


def test_no_identity_number_is_shown_or_given_away() -> None:
    assert masked_path(f"照片/{NUMBER}.jpg") == "照片/" + "*" * 14 + "1231.jpg"
    assert safe_name("HJ", "0012", f"张伟{NUMBER}", "江/州:重工") == "HJ-0012-张伟-江_州_重工"
