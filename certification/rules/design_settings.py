"""What an issuer sets in a design: texts, signatories, colours, photo, seal. What may be set is the design's own data."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from certification.rules.wording import reserved_words
from foundation.refusal import Refusal

TEXTS = {"title": 14, "title_en": 60, "body": 160, "body_en": 300, "closing": 60, "issuer": 60, "issuer_en": 140}
"""The texts a design may let an issuer write, with the most characters of each."""
MAY_BE_EMPTY = ("title_en", "body_en", "closing", "issuer_en")
PLACEHOLDERS = ("competition", "competition_en", "event", "event_en", "division", "division_en", "document")
"""Names in braces that are filled in from a publication when a batch is made."""
SEALS = ("space", "service", "picture")
"""Space over issuer and date for the real one; an e-seal put on by a service; a picture, which is no electronic seal."""
MOST_SIGNATORIES = 3
LEAST_CONTRAST = Fraction(3)
"""Of large text on the paper (WCAG 2.2, 1.4.3)."""
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_BRACES = re.compile(r"\{([^{}]*)\}")
_READ = ("title", "prize", "accent")


@dataclass(frozen=True, slots=True)
class Settings:
    """One issuer's settings of a design. `logo` and `seal_picture` are the SHA-256 of the pictures, empty without one."""

    texts: Mapping[str, str] = field(default_factory=dict)
    signatories: tuple[tuple[str, str], ...] = ()  # role, name
    colours: Mapping[str, str] = field(default_factory=dict)
    with_photo: bool = False
    seal: str = "space"
    logo: str = ""
    seal_picture: str = ""

    def stored(self) -> dict[str, Any]:
        """The form that is kept and hashed."""
        return {
            "texts": dict(self.texts), "signatories": [list(one) for one in self.signatories], "colours": dict(self.colours),
            "with_photo": self.with_photo, "seal": self.seal, "logo": self.logo, "seal_picture": self.seal_picture,
        }  # fmt: skip


def settings_from(stored: Mapping[str, Any]) -> Settings:
    """Settings in the form they are kept in."""
    return Settings(
        texts=dict(stored["texts"]), signatories=tuple((role, name) for role, name in stored["signatories"]),
        colours=dict(stored["colours"]), with_photo=bool(stored["with_photo"]), seal=stored["seal"], logo=stored["logo"],
        seal_picture=stored["seal_picture"],
    )  # fmt: skip


def first_settings(design: Mapping[str, Any], *, issuer: str, issuer_en: str) -> Settings:
    """What a design says where nobody changed anything, in the name of this issuer."""
    editable = design.get("editable", ())
    texts = {name: str(text) for name, text in design.get("texts", {}).items() if name in editable}
    texts |= {name: text for name, text in (("issuer", issuer), ("issuer_en", issuer_en)) if name in editable}
    return Settings(texts=texts, colours=dict(design.get("colours", {})))


def checked(given: Settings, design: Mapping[str, Any], *, filed: str) -> Settings:
    """The settings as a version may hold them: nothing the design does not let be set, every text within its length, colours
    that can be read, no reserved word beyond those of the name the issuer is filed under (`filed`, empty for a sample issuer).

    Raises Refusal design_text_missing, design_text_long, design_placeholder_unknown, design_word_reserved, design_colour_wrong,
    design_colour_unreadable, design_signatories_many, design_seal_unknown, design_seal_picture_missing.
    """
    editable = design.get("editable", ())
    texts = {name: " ".join(given.texts.get(name, "").split()) for name in TEXTS if name in editable}
    for name, text in texts.items():
        part = f"@design_part:{name}"
        if not text and name not in MAY_BE_EMPTY:
            raise Refusal("design_text_missing", field=name, part=part)
        if len(text) > TEXTS[name]:
            raise Refusal("design_text_long", field=name, part=part, length=len(text), most=TEXTS[name])
        for placeholder in _BRACES.findall(text):
            if placeholder not in PLACEHOLDERS:
                known = "、".join(f"{{{one}}}" for one in PLACEHOLDERS)
                raise Refusal("design_placeholder_unknown", field=name, placeholder=placeholder, known=known)
        _check_words(text, name, part, filed)
    signatories = (
        tuple((role, name) for role, name in given.signatories if role or name) if "signatories" in editable else ()
    )
    if len(signatories) > MOST_SIGNATORIES:
        raise Refusal("design_signatories_many", most=MOST_SIGNATORIES)
    for number, signatory in enumerate(signatories, start=1):
        _check_words(" ".join(signatory), f"role_{number}", "@design_part:signatories", filed)
    seal = given.seal if "seal" in editable else "space"
    if seal not in SEALS:
        raise Refusal("design_seal_unknown", field="seal")
    if seal == "picture" and not given.seal_picture:
        raise Refusal("design_seal_picture_missing", field="seal_picture")
    return Settings(
        texts=texts, signatories=signatories, colours=_colours(given.colours, design.get("colours", {})),
        with_photo=given.with_photo and "with_photo" in editable, seal=seal, logo=given.logo if "logo" in editable else "",
        seal_picture=given.seal_picture if seal == "picture" else "",
    )  # fmt: skip


def _check_words(text: str, name: str, part: str, filed: str) -> None:
    words = reserved_words(text, filed=filed)
    if words:
        raise Refusal("design_word_reserved", field=name, part=part, words="、".join(words))


def _colours(given: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    colours = {name: given.get(name, value).lower() for name, value in own.items()}
    for name, value in colours.items():
        if not _COLOUR.fullmatch(value):
            raise Refusal(
                "design_colour_wrong", field=f"colour_{name}", part=f"@design_colour:{name}", value=value[:20]
            )
    for name in _READ:
        if name in colours and contrast(colours[name], colours.get("paper", "#ffffff")) < LEAST_CONTRAST:
            raise Refusal("design_colour_unreadable", field=f"colour_{name}", part=f"@design_colour:{name}")
    return colours


def contrast(one: str, other: str) -> Fraction:
    """The contrast ratio of two colours `#rrggbb`, 1 to 21 (WCAG 2.2), by the gamma 2.2 as the nearest whole-number power: 2."""
    darker, lighter = sorted((_light(one), _light(other)))
    return (lighter + Fraction(1, 20)) / (darker + Fraction(1, 20))


def _light(colour: str) -> Fraction:
    red, green, blue = (Fraction(int(colour[at : at + 2], 16), 255) ** 2 for at in (1, 3, 5))
    return red * Fraction(2126, 10000) + green * Fraction(7152, 10000) + blue * Fraction(722, 10000)


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that two versions say differently: a code of `design_part` or `design_colour`, and both sayings.

    A picture says nothing here: `before` and `after` are then empty and `picture` is added | replaced | removed.
    """

    part: str
    before: str = ""
    after: str = ""
    picture: str = ""


def differences(before: Settings, after: Settings) -> Sequence[Difference]:
    """What changed from one version to another, in the order of the page."""
    found = []
    for name in TEXTS:
        old, new = before.texts.get(name, ""), after.texts.get(name, "")
        if old != new:
            found.append(Difference(f"design_part:{name}", old, new))
    old, new = (_signed(one.signatories) for one in (before, after))
    if old != new:
        found.append(Difference("design_part:signatories", old, new))
    for name in sorted({*before.colours, *after.colours}):
        old, new = before.colours.get(name, ""), after.colours.get(name, "")
        if old != new:
            found.append(Difference(f"design_colour:{name}", old, new))
    if before.with_photo != after.with_photo:
        found.append(Difference("design_part:with_photo", _yes(before.with_photo), _yes(after.with_photo)))
    if before.seal != after.seal:
        found.append(Difference("design_part:seal", f"design_seal:{before.seal}", f"design_seal:{after.seal}"))
    for part in ("logo", "seal_picture"):
        old, new = getattr(before, part), getattr(after, part)
        if old != new:
            found.append(
                Difference(f"design_part:{part}", picture="added" if not old else "replaced" if new else "removed")
            )
    return found


def _signed(signatories: Sequence[tuple[str, str]]) -> str:
    return "；".join(" ".join(filter(None, one)) for one in signatories)


def _yes(value: bool) -> str:
    return f"design_answer:{'yes' if value else 'no'}"
