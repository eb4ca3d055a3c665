"""The forms of numbers this installation knows, and the layout of one issuer's numbers."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from certification.filings.models import EvaluationOrganization
from certification.rules import numbering
from certification.rules.numbering import Layout, NumberForm

PATH = Path(__file__).resolve().parents[2] / "data" / "reference" / "number_forms.toml"
STANDARD, SPECIAL = "standard", "special"


@lru_cache(maxsize=1)
def forms() -> Mapping[str, NumberForm]:
    """Every form, those people only hold included."""
    return numbering.read_forms(tomllib.loads(PATH.read_text(encoding="utf-8")))


def given_forms() -> tuple[NumberForm, ...]:
    """The forms an issuer's numbers may have; special grades are numbered beside them."""
    return tuple(form for form in forms().values() if not form.held and form.key != SPECIAL)


def layout_for(issuer: EvaluationOrganization) -> Layout:
    """The layout of an issuer's numbers: its form, the letter of the special grade, narrowed by its pattern.

    Raises Refusal number_pattern_wrong.
    """
    form = forms()[issuer.number_form or STANDARD].layout({})
    special = forms()[SPECIAL].layout({"special_technician": issuer.special_letter or ""})
    both = replace(form, grades={**form.grades, **special.grades})
    return numbering.layout_of(issuer.number_pattern, both)
