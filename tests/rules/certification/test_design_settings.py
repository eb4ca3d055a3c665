"""What an issuer may set in a design, what is refused, and what differs between two versions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from certification.rules.design_settings import (
    Difference,
    Settings,
    checked,
    contrast,
    differences,
    first_settings,
    settings_from,
)
from foundation.refusal import Refusal

DESIGN = {
    "editable": ["title", "title_en", "body", "body_en", "closing", "issuer", "issuer_en", "signatories", "logo", "seal", "with_photo"],
    "texts": {"title": "获奖证书", "title_en": "Award Certificate", "body": "在{competition}中荣获", "body_en": "", "closing": "特发此证"},
    "colours": {"title": "#8c1c1c", "prize": "#9a6f14", "line": "#b98d33", "paper": "#fffdf6"},
}  # fmt: skip
PLAIN = first_settings(DESIGN, issuer="江州焊接协会", issuer_en="")


def test_what_a_design_says_by_itself_may_be_published() -> None:
    made = checked(PLAIN, DESIGN, filed="")
    assert (made.texts["title"], made.texts["issuer"], made.seal, made.colours["line"]) == (
        "获奖证书",
        "江州焊接协会",
        "space",
        "#b98d33",
    )
    assert settings_from(made.stored()) == made


def text(**texts: str) -> Settings:
    return replace(PLAIN, texts={**PLAIN.texts, **texts})


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        (text(title=" "), "design_text_missing", "title"),
        (text(body="长" * 161), "design_text_long", "body"),
        (text(body="在{contest}中"), "design_placeholder_unknown", "body"),
        (text(closing="中华人民共和国特发此证"), "design_word_reserved", "closing"),
        (text(issuer="全国焊接协会"), "design_word_reserved", "issuer"),
        (replace(PLAIN, signatories=(("国家主任", "张三"),)), "design_word_reserved", "role_1"),
        (replace(PLAIN, signatories=(("主任", "张三"),) * 4), "design_signatories_many", None),
        (replace(PLAIN, colours={"title": "url(http://x)"}), "design_colour_wrong", "colour_title"),
        (replace(PLAIN, colours={"title": "#fffdf5"}), "design_colour_unreadable", "colour_title"),
        (replace(PLAIN, seal="emblem"), "design_seal_unknown", "seal"),
        (replace(PLAIN, seal="picture"), "design_seal_picture_missing", "seal_picture"),
    ],
)
def test_what_is_refused(given: Settings, code: str, field: str | None) -> None:
    with pytest.raises(Refusal) as refused:
        checked(given, DESIGN, filed="")
    assert (refused.value.code, refused.value.field) == (code, field)


def test_the_filed_name_may_carry_reserved_words() -> None:
    assert checked(text(issuer="中国焊接协会"), DESIGN, filed="中国焊接协会").texts["issuer"] == "中国焊接协会"
    with pytest.raises(Refusal, match="design_word_reserved"):
        checked(text(issuer="中国焊接协会", closing="国家特发"), DESIGN, filed="中国焊接协会")


def test_what_a_design_does_not_let_be_set_is_left_out() -> None:
    given = replace(
        PLAIN, signatories=(("主任", "张三"),), with_photo=True, logo="ab", seal="picture", seal_picture="cd"
    )
    made = checked(given, {"editable": ["seal"]}, filed="")
    assert made == Settings(seal="picture", seal_picture="cd")
    assert checked(replace(given, seal="space"), {"editable": ["seal"]}, filed="").seal_picture == ""


def test_contrast_of_black_and_white() -> None:
    assert contrast("#000000", "#ffffff") == 21
    assert contrast("#123456", "#123456") == 1


def test_differences_are_readable() -> None:
    after = replace(
        text(title="荣誉证书"), signatories=(("主任", "张三"),), colours={**PLAIN.colours, "line": "#000000"}, with_photo=True,
        seal="picture", seal_picture="cd", logo="ab",
    )  # fmt: skip
    assert differences(PLAIN, after) == [
        Difference("design_part:title", "获奖证书", "荣誉证书"),
        Difference("design_part:signatories", "", "主任 张三"),
        Difference("design_colour:line", "#b98d33", "#000000"),
        Difference("design_part:with_photo", "design_answer:no", "design_answer:yes"),
        Difference("design_part:seal", "design_seal:space", "design_seal:picture"),
        Difference("design_part:logo", picture="added"),
        Difference("design_part:seal_picture", picture="added"),
    ]
    assert differences(after, after) == []
