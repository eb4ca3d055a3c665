"""Levels of review."""

from __future__ import annotations

from competitions.rules.reviews import after, levels_for

ALL = ("unit", "delegation")


def test_a_candidate_passes_the_bodies_that_are_there() -> None:
    assert levels_for(ALL, origin="candidate", has_unit=True, has_delegation=True) == (
        "unit",
        "delegation",
        "organizer",
    )
    assert levels_for(ALL, origin="candidate", has_unit=False, has_delegation=True) == ("delegation", "organizer")
    assert levels_for((), origin="candidate", has_unit=True, has_delegation=True) == ("organizer",)


def test_who_was_entered_by_a_body_has_its_word() -> None:
    assert levels_for(ALL, origin="delegation", has_unit=True, has_delegation=True) == ("organizer",)
    assert levels_for(ALL, origin="unit", has_unit=True, has_delegation=True) == ("delegation", "organizer")


def test_the_organizer_comes_last() -> None:
    assert after(("unit", "organizer"), "unit") == "organizer"
    assert after(("unit", "delegation", "organizer"), "unit") == "delegation"
    assert after(("organizer",), "organizer") == "organizer"
