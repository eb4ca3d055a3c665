"""Standings: worked example 7 of the competition rules, and what must hold for any field."""

from __future__ import annotations

from fractions import Fraction
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from competitions.rules.ranking import Contender, standings, tie_steps


def one(key: int, total: str | None, practice: str = "90", theory: str = "90", status: str = "ranked", **more: object) -> Contender:  # fmt: skip
    return Contender(
        UUID(int=key), status, None if total is None else Fraction(total), key,
        {"practice": Fraction(practice), "theory": Fraction(theory)},
        {"practice": Fraction(7, 10), "theory": Fraction(3, 10)},
        **more,  # type: ignore[arg-type]
    )  # fmt: skip


def shown(
    *field: Contender, tie_breaks: tuple[str, ...] = ("practice", "theory"), last: str = "equal_rank"
) -> list[tuple[int, int | None, tuple[str, ...]]]:
    return [
        (place.entry_id.int, place.rank, place.decided_by)
        for place in standings(field, places=2, tie_breaks=tie_breaks, last_resort=last)
    ]


def test_example_7_practice_breaks_the_tie() -> None:
    assert shown(one(1, "92.50", practice="93"), one(2, "92.50", practice="94")) == [
        (2, 1, ("practice",)),
        (1, 2, ("practice",)),
    ]


def test_example_7_all_equal_is_1_1_3() -> None:
    assert shown(one(1, "92.50"), one(2, "92.50"), one(3, "90")) == [
        (1, 1, ("equal_rank",)),
        (2, 1, ("equal_rank",)),
        (3, 3, ()),
    ]


def test_example_7_a_three_way_tie_at_five_makes_seven_in_the_top_five() -> None:
    field = [one(key, str(100 - key)) for key in range(1, 5)] + [one(key, "80") for key in (5, 6, 7)] + [one(8, "70")]
    found = shown(*field)
    assert [rank for _key, rank, _by in found] == [1, 2, 3, 4, 5, 5, 5, 8]
    assert sum(rank is not None and rank <= 5 for _key, rank, _by in found) == 7


def test_totals_compare_at_the_declared_precision() -> None:
    assert shown(one(1, "92.5049", practice="90"), one(2, "92.4951", practice="91"))[0] == (2, 1, ("practice",))
    assert shown(one(1, "92.505"), one(2, "92.50499"))[0] == (1, 1, ())


def test_every_step_names_itself_and_only_those_that_separated() -> None:
    field = (one(1, "90", practice="95", theory="80"), one(2, "90", practice="90", theory="85"), one(3, "90", practice="90", theory="84"))  # fmt: skip
    assert shown(*field) == [(1, 1, ("practice",)), (2, 2, ("practice", "theory")), (3, 3, ("practice", "theory"))]


def test_heaviest_part_criteria_and_time_in_the_declared_order() -> None:
    heavy = (one(1, "90", practice="91", theory="80"), one(2, "90", practice="92", theory="79"))
    assert shown(*heavy, tie_breaks=("heaviest_part",))[0] == (2, 1, ("heaviest_part",))
    criteria = (one(1, "90", criteria=(Fraction(20), Fraction(9))), one(2, "90", criteria=(Fraction(20), Fraction(10))))
    assert shown(*criteria, tie_breaks=("criterion_order",))[0] == (2, 1, ("criterion_order",))
    time = (one(1, "90", time=Fraction(3600)), one(2, "90", time=Fraction(3500)))
    assert shown(*time, tie_breaks=("time", "practice"))[0] == (2, 1, ("time",))


def test_a_step_without_a_value_for_somebody_is_skipped() -> None:
    field = (one(1, "90", practice="91", time=Fraction(10)), one(2, "90", practice="90"))
    assert shown(*field, tie_breaks=("time", "practice")) == [(1, 1, ("practice",)), (2, 2, ("practice",))]


def test_what_the_chief_must_decide_is_marked_as_open() -> None:
    places = standings([one(1, "90"), one(2, "90")], places=2, tie_breaks=(), last_resort="chief_decides")
    assert [(place.rank, place.open) for place in places] == [(1, True), (1, True)]


def test_absent_stopped_and_incomplete_have_no_rank() -> None:
    found = standings(
        [one(1, None, status="absent"), one(2, "99", status="stopped"), one(3, None), one(4, "60")],
        places=2,
        tie_breaks=(),
    )
    assert [(place.entry_id.int, place.rank, place.status) for place in found] == [
        (4, 1, "ranked"), (1, None, "absent"), (3, None, "incomplete"), (2, None, "stopped"),
    ]  # fmt: skip


def test_the_steps_of_a_tie_are_shown_with_everybodys_values() -> None:
    field = [one(1, "90", practice="91"), one(2, "90", practice="90"), one(3, "80")]
    (step,) = tie_steps(UUID(int=1), field, places=2, tie_breaks=("practice", "theory"))
    assert (step.step, step.separated, {key.int: str(value[0]) for key, value in step.values.items() if value}) == (
        "practice", True, {1: "91.00", 2: "90.00"},
    )  # fmt: skip
    assert tie_steps(UUID(int=3), field, places=2, tie_breaks=("practice",)) == ()


fields = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 3), st.integers(0, 3), st.sampled_from(["ranked", "ranked", "absent"])),
    min_size=1,
    max_size=12,
)


def field_of(drawn: list[tuple[int, int, int, str]]) -> list[Contender]:
    return [
        one(key, str(total), str(practice), str(theory), status)
        for key, (total, practice, theory, status) in enumerate(drawn)
    ]


@given(fields, st.randoms())
def test_the_order_in_which_entries_come_does_not_matter(drawn: list[tuple[int, int, int, str]], rng: object) -> None:
    field = field_of(drawn)
    mixed = list(field)
    rng.shuffle(mixed)  # type: ignore[attr-defined]
    assert shown(*mixed) == shown(*field)


@given(fields)
def test_ranks_skip_what_equal_ranks_take(drawn: list[tuple[int, int, int, str]]) -> None:
    ranks = [rank for _key, rank, _by in shown(*field_of(drawn)) if rank is not None]
    assert ranks == [1 + sum(other < rank for other in ranks) for rank in ranks]


@given(fields, st.data())
def test_more_points_never_mean_a_worse_place(drawn: list[tuple[int, int, int, str]], data: st.DataObject) -> None:
    field = field_of(drawn)
    which = data.draw(st.integers(0, len(field) - 1))
    before = {key: rank for key, rank, _by in shown(*field)}[which]
    total, practice, theory, status = drawn[which]
    field[which] = one(which, str(total + 1), str(practice), str(theory), status)
    after = {key: rank for key, rank, _by in shown(*field)}[which]
    assert (before is None and after is None) or (before is not None and after is not None and after <= before)


@given(fields)
def test_a_higher_total_always_stands_before_a_lower(drawn: list[tuple[int, int, int, str]]) -> None:
    field = {one.entry_id.int: one for one in field_of(drawn)}
    totals = [field[key].total for key, rank, _by in shown(*field.values()) if rank is not None]
    assert totals == sorted(totals, reverse=True)  # type: ignore[type-var]
