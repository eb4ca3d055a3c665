"""Which revision of a cell is in force: by what was built on what, and by the order of the ledger; never by a clock."""

from __future__ import annotations

from uuid import UUID

from competitions.rules.revisions import Revision, head_of


def made(number: int, base: int | None, value: str | None, *, resolves: bool = False) -> Revision:
    return Revision(UUID(int=number), None if base is None else UUID(int=base), value, resolves)


def head(*revisions: Revision) -> tuple[int, str | None, int, bool]:
    found = head_of(revisions)
    return (found.id.int, found.value, found.leaves, found.conflict)


def test_what_was_built_upon_is_past() -> None:
    assert head(made(1, None, "1")) == (1, "1", 1, False)
    assert head(made(1, None, "1"), made(2, 1, "0")) == (2, "0", 1, False)
    assert head(made(2, 1, "0"), made(1, None, "1")) == (2, "0", 1, False)  # arrived the other way round


def test_two_values_on_one_base_stand_beside_each_other_and_the_first_recorded_is_shown() -> None:
    assert head(made(1, None, "1"), made(2, None, "0")) == (1, "1", 2, True)
    assert head(made(2, None, "0"), made(1, None, "1")) == (2, "0", 2, True)
    assert head(made(1, None, "1"), made(2, None, "1")) == (1, "1", 2, False)


def test_a_decision_ends_what_was_recorded_before_it_and_nothing_later() -> None:
    both = (made(1, None, "1"), made(2, None, "0"))
    assert head(*both, made(3, 2, "0", resolves=True)) == (3, "0", 1, False)
    assert head(*both, made(3, 2, "0", resolves=True), made(4, 1, "1")) == (3, "0", 2, True)
    assert head(*both, made(3, 2, "0", resolves=True), made(4, 3, "1")) == (4, "1", 1, False)


def test_a_ring_of_bases_is_shown_whole() -> None:
    assert head(made(1, 2, "1"), made(2, 1, "0")) == (1, "1", 2, True)
