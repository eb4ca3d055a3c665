"""Who gets what by which clause, and why or why not. Pure: facts in, a decision with every check out.

The order of the questions follows the practice (competition-rules 10.5): does the policy apply and does the competition bring a
grade at all; which clause's band holds the place; are its conditions met; what does the held grade change; do the limits, the
occupation's standard and the issuer's filing allow it. What nobody can know from the data is `open`: a person must look, it is
never silently a yes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from catalogue.rules.seniority import GRADES, HIGHEST_BY_COMPETITION, at_least, one_up, place
from certification.rules.facts import Achievement, Check, Contest, Decision, FactBasis, HeldGrade, Prepared, Verdict
from certification.rules.policy import BandKind, Clause, EdgePolicy, HeldRule, Outcome, Policy, Reaches
from foundation.exact import round_to_int

_P = FactBasis.PUBLISHED


def prepare(policy: Policy, contest: Contest) -> Prepared:
    """Answer what is the same for everybody, once."""
    gates = []

    def gate(code: str, holds: bool, basis: FactBasis = _P, **facts: Any) -> None:
        gates.append(Check(code if holds else f"{code}_not", Verdict.PASS if holds else Verdict.FAIL, basis, facts))

    gate(
        "policy_applies", _reached(policy.reaches, contest), FactBasis.DOCUMENT,
        tier=f"@award_tier:{contest.tier}", competition_class=f"@award_class:{contest.competition_class}",
    )  # fmt: skip
    started = policy.valid_from is None or policy.valid_from <= contest.day
    ended = policy.valid_until is not None and policy.valid_until < contest.day
    gate("policy_valid", started and not ended, FactBasis.DOCUMENT, day=contest.day.isoformat())
    if policy.needs_plan:
        gate("in_plan", contest.in_plan)
    gate("rewards_on", contest.rewards_enabled)
    gate("result_final", contest.final)
    clauses = tuple(
        (clause, _last_place(clause, contest)) for clause in policy.clauses if _reached(clause.reaches, contest)
    )
    lasts = [last for clause, last in clauses if last is not None and clause.outcome.brings_grade]
    return Prepared(policy, contest, tuple(gates), clauses, max(lasts, default=0))


def decide(prepared: Prepared, achievement: Achievement) -> Decision:
    """One person's decision with everything that led to it."""
    checks = list(prepared.gates)
    for check in checks:
        if check.verdict == Verdict.FAIL:
            return _nothing(checks, check)
    if achievement.on_hold:
        checks.append(Check("objection_open", Verdict.OPEN, _P))
    if achievement.rank is None:
        return _nothing(checks, Check("not_ranked", Verdict.FAIL, _P), add=True)
    grade_clause = _first(prepared, achievement, checks, grades=True)
    title_clause = _first(prepared, achievement, checks, grades=False)
    if grade_clause is None and title_clause is None:
        failed = next((check for check in checks if check.verdict == Verdict.FAIL), None)
        if failed is not None:
            return _nothing(checks, failed)
        facts = {"rank": achievement.rank, "last": prepared.last_place}
        return _nothing(checks, Check("rank_below_bands", Verdict.FAIL, _P, facts), add=True)
    grade, target, may_apply = "", "", ""
    if grade_clause is not None:
        target, may_apply = _target(prepared, grade_clause.outcome, achievement, checks)
        grade = target if target and _allowed(prepared, target, achievement, checks) else ""
    title, honours = _honours(title_clause, achievement, checks)
    decision = Decision(
        clause=grade_clause.key if grade_clause else "", grade=grade, target=target, may_apply=may_apply,
        title=title, title_clause=title_clause.key if title_clause and title else "", honours=honours, checks=tuple(checks),
    )  # fmt: skip
    if decision.awarded:
        return decision
    failed = next(check for check in reversed(checks) if check.verdict in (Verdict.FAIL, Verdict.NOTE))
    return Decision(
        clause=decision.clause, target=target, checks=decision.checks, reason=failed.code, reason_facts=failed.facts
    )


def decide_all(policy: Policy, contest: Contest, achievements: Iterable[Achievement]) -> list[Decision]:
    """Everybody's decision, in their order."""
    prepared = prepare(policy, contest)
    return [decide(prepared, achievement) for achievement in achievements]


def _nothing(checks: list[Check], why: Check, *, add: bool = False) -> Decision:
    everything = (*checks, why) if add else tuple(checks)
    return Decision(checks=everything, reason=why.code, reason_facts=why.facts)


def _reached(reaches: Reaches, contest: Contest) -> bool:
    return (
        (not reaches.tiers or contest.tier in reaches.tiers)
        and (not reaches.classes or contest.competition_class in reaches.classes)
        and (not reaches.programmes or contest.programme in reaches.programmes)
        and (not reaches.lines or contest.line in reaches.lines)
        and (not reaches.divisions or contest.division in reaches.divisions)
        and (not reaches.team_sizes or contest.team_size in reaches.team_sizes)
    )


def _last_place(clause: Clause, contest: Contest) -> int | None:
    if clause.band.kind == BandKind.SHARE:
        return round_to_int(clause.band.percent * contest.attendance / 100, clause.band.rounding)
    return clause.band.last


def _first(prepared: Prepared, achievement: Achievement, checks: list[Check], *, grades: bool) -> Clause | None:
    """The first clause that fits; its checks are added. When none does, the checks of the nearest one are, as the reason."""
    nearest: list[Check] = []
    for clause, last in prepared.clauses:
        outcome = clause.outcome
        if not (outcome.brings_grade if grades else outcome.title or outcome.honours):
            continue
        band = _band_check(prepared, clause, last, achievement)
        if band is None:
            continue
        found = [band, *_conditions(clause, prepared.contest, achievement)]
        if all(check.verdict != Verdict.FAIL for check in found):
            checks.extend(check for check in found if check not in checks)
            return clause
        nearest = nearest or found
    if grades:
        checks.extend(nearest)
    return None


def _band_check(prepared: Prepared, clause: Clause, last: int | None, achievement: Achievement) -> Check | None:
    """The check that puts the place into the clause's band, or None when it does not stand there."""
    band, rank = clause.band, achievement.rank
    if rank is None:
        return None
    if band.kind == BandKind.PRIZE:
        if achievement.prize not in band.prizes:
            return None
        return Check("prize_in_band", Verdict.PASS, _P, {"prize": achievement.prize, "article": clause.article})
    if band.kind == BandKind.PASSED:
        return Check("finished_in_band", Verdict.PASS, _P, {"rank": rank, "article": clause.article})
    end = rank + achievement.tied - 1
    edge = prepared.policy.edge
    across = last is not None and rank <= last < end
    if edge == EdgePolicy.CHIEF_DECIDES and across and not prepared.contest.edge_decision:
        if rank < band.first:
            return None
        return Check("tie_across_edge", Verdict.OPEN, _P, {"rank": rank, "tied": achievement.tied, "last": last})
    excluding = edge == EdgePolicy.EXCLUDE_ALL or (
        edge == EdgePolicy.CHIEF_DECIDES and prepared.contest.edge_decision == "exclude"
    )
    counted = end if excluding else rank
    if counted < band.first or (last is not None and counted > last):
        return None
    facts: dict[str, Any] = {"rank": rank, "first": band.first, "article": clause.article}
    if last is None:
        return Check("finished_in_band", Verdict.PASS, _P, facts)
    facts["last"] = last
    if band.kind == BandKind.SHARE:
        facts |= {"percent": str(band.percent), "attendance": prepared.contest.attendance}
        return Check("share_in_band", Verdict.PASS, _P, facts)
    return Check("rank_in_band", Verdict.PASS, _P, facts)


def _conditions(clause: Clause, contest: Contest, achievement: Achievement) -> list[Check]:
    asked, found = clause.conditions, []
    results = dict(achievement.parts)
    for kind in asked.parts:
        if kind in results:
            passed = results[kind]
            facts = {"part": f"@award_part:{kind}"}
            if passed is None:
                found.append(Check("part_unknown", Verdict.OPEN, _P, facts))
            else:
                code, verdict = ("part_passed", Verdict.PASS) if passed else ("part_failed", Verdict.FAIL)
                found.append(Check(code, verdict, _P, facts))
    if asked.identity_classes:
        fits = achievement.identity_class in asked.identity_classes
        found.append(
            Check(
                "identity_fits" if fits else "identity_fits_not", Verdict.PASS if fits else Verdict.FAIL, _P,
                {"identity": f"@award_identity:{achievement.identity_class}"},
            )
        )  # fmt: skip
    if asked.least_age is not None:
        if achievement.age is None:
            found.append(Check("age_unknown", Verdict.OPEN, _P, {"least": asked.least_age}))
        else:
            old_enough = achievement.age >= asked.least_age
            found.append(
                Check(
                    "age_fits" if old_enough else "age_fits_not", Verdict.PASS if old_enough else Verdict.FAIL, _P,
                    {"age": achievement.age, "least": asked.least_age},
                )
            )  # fmt: skip
    if asked.least_field is not None:
        enough = contest.attendance >= asked.least_field
        found.append(
            Check(
                "field_fits" if enough else "field_fits_not", Verdict.PASS if enough else Verdict.FAIL, _P,
                {"attendance": contest.attendance, "least": asked.least_field},
            )
        )  # fmt: skip
    if asked.test_level:
        known = contest.test_level in GRADES
        fits = known and at_least(contest.test_level, asked.test_level)
        verdict = Verdict.OPEN if not known else Verdict.PASS if fits else Verdict.FAIL
        code = "test_level_unknown" if not known else "test_level_fits" if fits else "test_level_fits_not"
        found.append(Check(code, verdict, _P, {"least": f"@award_grade:{asked.test_level}"}))
    return found


def same_occupation(held: HeldGrade, contest: Contest) -> bool:
    """Codes changed their meaning between editions: a code counts within its edition, a name across editions."""
    if held.occupation_name and held.occupation_name == contest.occupation_name:
        return True
    return (
        bool(held.occupation_code)
        and held.occupation_code == contest.occupation_code
        and held.occupation_edition == contest.occupation_edition
    )


def _target(prepared: Prepared, outcome: Outcome, achievement: Achievement, checks: list[Check]) -> tuple[str, str]:
    """The grade the clause comes to and the right to apply, after what is held in the same occupation."""
    mine = [held for held in achievement.held if held.grade in GRADES and same_occupation(held, prepared.contest)]
    present = max(mine, key=lambda held: place(held.grade), default=None)
    elsewhere = len(achievement.held) - len(mine)
    if elsewhere:
        checks.append(Check("held_elsewhere", Verdict.NOTE, FactBasis.REGISTER, {"count": elsewhere}))
    cap = min((outcome.cap, prepared.policy.limits.cap, HIGHEST_BY_COMPETITION), key=place)
    basis = present.basis if present else FactBasis.REGISTER
    if present is None:
        checks.append(Check("held_none", Verdict.NOTE, basis))
        if not outcome.grade and outcome.held_rule == HeldRule.UP_ONE_FROM_CURRENT:
            checks.append(Check("held_needed", Verdict.FAIL, basis))
        return outcome.grade, outcome.may_apply
    facts: dict[str, Any] = {"grade": f"@award_grade:{present.grade}"}
    below = bool(outcome.grade) and place(present.grade) < place(outcome.grade)
    matters = not below or outcome.held_rule == HeldRule.UP_ONE_FROM_CURRENT
    if basis == FactBasis.DECLARED and matters and prepared.policy.verify_declared:
        checks.append(Check("held_declared", Verdict.OPEN, basis, facts))
    else:
        checks.append(Check("held", Verdict.NOTE, basis, facts))
    return _beyond_held(outcome, present.grade, cap, below, checks, basis)


def _beyond_held(
    outcome: Outcome, held: str, cap: str, below: bool, checks: list[Check], basis: FactBasis
) -> tuple[str, str]:
    rule, facts = outcome.held_rule, {"grade": f"@award_grade:{held}", "cap": f"@award_grade:{cap}"}
    following = one_up(held, cap)
    if rule != HeldRule.UP_ONE_FROM_CURRENT and (below or not outcome.grade):
        return outcome.grade, outcome.may_apply
    match rule:
        case HeldRule.UP_ONE_IF_HELD | HeldRule.UP_ONE_FROM_CURRENT:
            code = "held_up_one" if following else "held_at_cap"
            checks.append(Check(code, Verdict.PASS if following else Verdict.FAIL, basis, facts))
            return following or "", outcome.may_apply if following else ""
        case HeldRule.NO_FURTHER:
            checks.append(Check("held_no_further", Verdict.FAIL, basis, facts))
        case HeldRule.MAY_APPLY:
            checks.append(
                Check(
                    "held_may_apply" if following else "held_at_cap",
                    Verdict.NOTE if following else Verdict.FAIL,
                    basis,
                    facts,
                )
            )
            return "", following or ""
        case HeldRule.NOT_STATED:
            checks.append(Check("held_rule_not_stated", Verdict.FAIL, FactBasis.DOCUMENT, facts))
    return "", ""


def _allowed(prepared: Prepared, grade: str, achievement: Achievement, checks: list[Check]) -> bool:
    """Limits, the standard, the issuer's filing. Open answers let the case stand, waiting."""
    limits, contest, facts = prepared.policy.limits, prepared.contest, {"grade": f"@award_grade:{grade}"}
    found = []
    if limits.once_per_year:
        fresh = achievement.promotions_this_year == 0
        code = "year_free" if fresh else "promoted_this_year"
        found.append(
            Check(
                code,
                Verdict.PASS if fresh else Verdict.FAIL,
                FactBasis.REGISTER,
                {"year": contest.year or contest.day.year},
            )
        )
    if limits.once_per_occupation:
        fresh = achievement.promotions_in_occupation == 0
        code = "occupation_free" if fresh else "promoted_in_occupation"
        found.append(Check(code, Verdict.PASS if fresh else Verdict.FAIL, FactBasis.REGISTER))
    if contest.offered is not None:
        offered = grade in contest.offered
        code = "standard_offers" if offered else "standard_offers_not"
        found.append(Check(code, Verdict.PASS if offered else Verdict.FAIL, FactBasis.REGISTER, facts))
    elif grade in contest.confirmed:
        found.append(Check("standard_offers", Verdict.PASS, FactBasis.VERIFIED, facts))
    else:
        found.append(Check("standard_unknown", Verdict.OPEN, FactBasis.REGISTER, facts))
    if contest.filed is None:
        found.append(Check("issuer_missing", Verdict.OPEN, FactBasis.REGISTER, facts))
    else:
        filed = grade in contest.filed
        code = "filing_covers" if filed else "filing_covers_not"
        found.append(Check(code, Verdict.PASS if filed else Verdict.FAIL, FactBasis.REGISTER, facts))
    checks.extend(found)
    return all(check.verdict != Verdict.FAIL for check in found)


def _honours(clause: Clause | None, achievement: Achievement, checks: list[Check]) -> tuple[str, tuple[str, ...]]:
    if clause is None:
        return "", ()
    outcome = clause.outcome
    title = outcome.title
    if title and outcome.title_identity_classes and achievement.identity_class not in outcome.title_identity_classes:
        facts = {"title": title, "identity": f"@award_identity:{achievement.identity_class}"}
        checks.append(Check("title_not_for_identity", Verdict.NOTE, _P, facts))
        title = ""
    if outcome.first_member_only and achievement.position != 1:
        checks.append(Check("honour_first_member", Verdict.NOTE, _P, {"position": achievement.position}))
        return title, ()
    return title, outcome.honours
