"""Who may take part: each rule of a notice as data, each answer with its reason, its basis and the evidence it wants.

The kinds and their values: `age` (least, most, reference_date; without a date the competition's first day), `minor_consent`
(age), `barred_titles` (titles, pending, in_principle), `identity_class` (any_of), `one_event`; of the others each function says
its values. Every rule may be limited: `classes` (identity classes) and `events` (codes). What is admitted in practice: the yearly
notices on national industry competitions (全国行业职业技能竞赛) and their provincial counterparts, section "参赛条件".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from catalogue.rules.seniority import at_least
from competitions.rules.applicants import Applicant
from foundation.refusal import Refusal


class Answer(StrEnum):
    """What a rule says of a person."""

    PASS = "pass"  # noqa: S105  # nosec B105
    FAIL = "fail"
    NEEDS_EVIDENCE = "needs_evidence"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One rule's answer: a code with facts, on what basis, and which evidence would settle it."""

    rule: str
    answer: Answer
    code: str
    basis: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def wants(self) -> str:
        """The code of the evidence that is missing; empty when none would help."""
        return EVIDENCE.get(self.code, "")


Decide = Callable[[Mapping[str, Any], Applicant, date], Verdict]
EVIDENCE = {
    "eligibility:birth_date_unknown": "evidence:identity_document",
    "eligibility:consent_unknown": "evidence:identity_document",
    "eligibility:consent_missing": "evidence:guardian_consent",
    "eligibility:title_in_principle": "evidence:decision",
    "eligibility:title_possible": "evidence:settle_match",
    "eligibility:winner_possible": "evidence:settle_match",
    "eligibility:local_unknown": "evidence:local",
    "eligibility:grade_unknown": "evidence:certificate",
    "eligibility:contract_unknown": "evidence:contract",
    "eligibility:insurance_unknown": "evidence:insurance",
    "eligibility:enrolment_unknown": "evidence:enrolment",
    "eligibility:document_unknown": "evidence:identity_document",
    "eligibility:any_open": "evidence:any_of_these",
}


def years_on(birth: date, day: date) -> int:
    """Full years of age on a day (周岁): from the birthday on; who was born on 29 February, from 1 March."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def judge(rules: Iterable[Mapping[str, Any]], applicant: Applicant, first_day: date) -> tuple[Verdict, ...]:
    """Every rule's verdict on a person, in the order of the rules.

    Raises Refusal eligibility_rule_unknown for a kind that is not in `KINDS`.
    """
    verdicts = []
    for rule in rules:
        if not _concerns(rule, applicant):
            continue
        decide = KINDS.get(str(rule.get("kind", "")))
        if decide is None:
            raise Refusal("eligibility_rule_unknown", kind=str(rule.get("kind", "")))
        verdicts.append(decide(rule, applicant, first_day))
    return tuple(verdicts)


def _concerns(rule: Mapping[str, Any], applicant: Applicant) -> bool:
    classes, events = rule.get("classes"), rule.get("events")
    return (not classes or applicant.identity_class in classes) and (not events or applicant.event_code in events)


def _day(rule: Mapping[str, Any], first_day: date) -> date:
    given = rule.get("reference_date")
    return given if isinstance(given, date) else date.fromisoformat(given) if given else first_day


def _age(rule: Mapping[str, Any], applicant: Applicant, first_day: date) -> Verdict:
    if applicant.birth_date is None:
        return Verdict("age", Answer.NEEDS_EVIDENCE, "eligibility:birth_date_unknown", "declared")
    on = _day(rule, first_day)
    age = years_on(applicant.birth_date, on)
    least, most = rule.get("least"), rule.get("most")
    facts = {"age": age, "on": on.isoformat()}
    if least is not None and age < least:
        return Verdict("age", Answer.FAIL, "eligibility:too_young", applicant.birth_basis, facts | {"least": least})
    if most is not None and age > most:
        return Verdict("age", Answer.FAIL, "eligibility:too_old", applicant.birth_basis, facts | {"most": most})
    return Verdict("age", Answer.PASS, "eligibility:age_fits", applicant.birth_basis, facts)


def _minor_consent(rule: Mapping[str, Any], applicant: Applicant, first_day: date) -> Verdict:
    if applicant.birth_date is None:
        return Verdict("minor_consent", Answer.NEEDS_EVIDENCE, "eligibility:consent_unknown", "declared")
    age, limit = years_on(applicant.birth_date, _day(rule, first_day)), rule.get("age", 18)
    facts = {"age": age, "limit": limit}
    if age >= limit:
        return Verdict("minor_consent", Answer.PASS, "eligibility:of_age", applicant.birth_basis, facts)
    if applicant.consent:
        return Verdict("minor_consent", Answer.PASS, "eligibility:consent_there", "declared", facts)
    return Verdict("minor_consent", Answer.NEEDS_EVIDENCE, "eligibility:consent_missing", "declared", facts)


def _barred_titles(rule: Mapping[str, Any], applicant: Applicant, _first_day: date) -> Verdict:
    barred = set(rule.get("titles", ()))
    states = ("held", "pending") if rule.get("pending") else ("held",)
    for state in states:
        for title in applicant.titles:
            if title.name in barred and title.state == state and title.basis != "possible":
                if rule.get("in_principle"):  # 原则上不得: the organizers decide, with a reason
                    facts = {"title": title.name}
                    return Verdict(
                        "barred_titles", Answer.NEEDS_EVIDENCE, "eligibility:title_in_principle", title.basis, facts
                    )
                code = "eligibility:title_barred" if state == "held" else "eligibility:title_barred_pending"
                return Verdict("barred_titles", Answer.FAIL, code, title.basis, {"title": title.name})
    return _possible_title("barred_titles", barred, applicant, states) or Verdict(
        "barred_titles", Answer.PASS, "eligibility:no_barred_title", "register"
    )


def _possible_title(rule: str, names: set[str], applicant: Applicant, states: Iterable[str]) -> Verdict | None:
    for title in applicant.titles:
        if title.name in names and title.basis == "possible" and title.state in states:
            return Verdict(rule, Answer.NEEDS_EVIDENCE, "eligibility:title_possible", "possible", {"title": title.name})
    return None


def _identity_class(rule: Mapping[str, Any], applicant: Applicant, _first_day: date) -> Verdict:
    facts = {"identity": f"@identity_class:{applicant.identity_class}"}
    if applicant.identity_class in set(rule.get("any_of", ())):
        return Verdict("identity_class", Answer.PASS, "eligibility:class_fits", "declared", facts)
    return Verdict("identity_class", Answer.FAIL, "eligibility:class_not_admitted", "declared", facts)


def _one_event(_rule: Mapping[str, Any], applicant: Applicant, _first_day: date) -> Verdict:
    if applicant.other_events:
        return Verdict(
            "one_event", Answer.FAIL, "eligibility:other_event", "register", {"count": applicant.other_events}
        )
    return Verdict("one_event", Answer.PASS, "eligibility:only_event", "register")


def _born(rule: Mapping[str, Any], applicant: Applicant, _first_day: date) -> Verdict:
    """出生日期在…至…之间: exact days, as some notices write instead of an age."""
    if applicant.birth_date is None:
        return Verdict("born", Answer.NEEDS_EVIDENCE, "eligibility:birth_date_unknown", "declared")
    given, first, last = applicant.birth_date.isoformat(), rule.get("first"), rule.get("last")
    fits = (not first or given >= str(first)) and (not last or given <= str(last))
    facts = {"first": str(first or "…"), "last": str(last or "…")}
    code = "eligibility:born_fits" if fits else "eligibility:born_outside"
    return Verdict("born", Answer.PASS if fits else Answer.FAIL, code, applicant.birth_basis, facts)


def _working_age(rule: Mapping[str, Any], applicant: Applicant, first_day: date) -> Verdict:
    """Below the statutory retirement age, which differs by sex: `most` is sex → last full year of age admitted."""
    if applicant.birth_date is None or not applicant.sex:
        return Verdict("working_age", Answer.NEEDS_EVIDENCE, "eligibility:birth_date_unknown", "declared")
    on, most = _day(rule, first_day), rule.get("most", {}).get(applicant.sex)
    age = years_on(applicant.birth_date, on)
    facts = {"age": age, "on": on.isoformat()}
    if most is not None and age > most:
        return Verdict("working_age", Answer.FAIL, "eligibility:too_old", applicant.birth_basis, facts | {"most": most})
    return Verdict("working_age", Answer.PASS, "eligibility:age_fits", applicant.birth_basis, facts)


def _documents(rule: Mapping[str, Any], applicant: Applicant, _first_day: date) -> Verdict:
    """Citizenship, told by the kind of identity document."""
    if not applicant.document_kind:
        return Verdict("documents", Answer.NEEDS_EVIDENCE, "eligibility:document_unknown", "declared")
    fits = applicant.document_kind in set(rule.get("any_of", ()))
    code = "eligibility:document_fits" if fits else "eligibility:document_not_admitted"
    return Verdict("documents", Answer.PASS if fits else Answer.FAIL, code, "declared")


def _local(rule: Mapping[str, Any], applicant: Applicant, first_day: date) -> Verdict:
    """属地: working, studying, living, insured (养老保险) or registered (户籍) in the region, any of `ways`, for `months` at least."""
    on, least = _day(rule, first_day), int(rule.get("months", 0))
    known = {way: applicant.said[f"{way}_since"] for way in rule.get("ways", ()) if f"{way}_since" in applicant.said}
    for said in known.values():
        if _months(date.fromisoformat(said.value), on) >= least:
            return Verdict("local", Answer.PASS, "eligibility:local_fits", said.basis, {"months": least})
    if known and len(known) == len(rule.get("ways", ())):
        return Verdict("local", Answer.FAIL, "eligibility:local_short", "declared", {"months": least})
    return Verdict("local", Answer.NEEDS_EVIDENCE, "eligibility:local_unknown", "declared", {"months": least})


def _months(since: date, on: date) -> int:
    return (on.year - since.year) * 12 + on.month - since.month - (on.day < since.day)


def _grade(rule: Mapping[str, Any], applicant: Applicant, first_day: date) -> Verdict:
    """A grade of `least` or above, `years` since it was given; `same_occupation` names the code it must be of."""
    on, years, code = _day(rule, first_day), rule.get("years", 0), rule.get("same_occupation")
    facts = {"grade": f"@grade_name:{rule['least']}", "years": years}
    held = [
        one
        for one in applicant.grades
        if at_least(one.name, rule["least"]) and (not code or one.occupation_code == code)
    ]
    for one in held:
        if not years or (one.since is not None and years_on(one.since, on) >= years):
            return Verdict("grade", Answer.PASS, "eligibility:grade_held", one.basis, facts)
    if any(one.since is None for one in held):
        return Verdict("grade", Answer.NEEDS_EVIDENCE, "eligibility:grade_unknown", "declared", facts)
    return Verdict("grade", Answer.FAIL, "eligibility:grade_not_held", "declared", facts)


def _experience(rule: Mapping[str, Any], applicant: Applicant, _first_day: date) -> Verdict:
    facts = {
        "least": rule.get("years", 0),
        "years": applicant.years_in_trade if applicant.years_in_trade is not None else "?",
    }
    if applicant.years_in_trade is None:
        return Verdict("experience", Answer.NEEDS_EVIDENCE, "eligibility:experience_unknown", "declared", facts)
    fits = applicant.years_in_trade >= rule.get("years", 0)
    code = "eligibility:experience_fits" if fits else "eligibility:experience_short"
    return Verdict("experience", Answer.PASS if fits else Answer.FAIL, code, "declared", facts)


def _said(key: str, rule_name: str) -> Decide:
    """A yes that is declared or proved: a labour contract (劳动合同), accident insurance (意外伤害保险)."""

    def decide(_rule: Mapping[str, Any], applicant: Applicant, _first_day: date) -> Verdict:
        said = applicant.said.get(key)
        if said is None:
            return Verdict(rule_name, Answer.NEEDS_EVIDENCE, f"eligibility:{rule_name}_unknown", "declared")
        fits = said.value == "yes"
        code = f"eligibility:{rule_name}_there" if fits else f"eligibility:{rule_name}_missing"
        return Verdict(rule_name, Answer.PASS if fits else Answer.FAIL, code, said.basis)

    return decide


def _enrolment(rule: Mapping[str, Any], applicant: Applicant, _first_day: date) -> Verdict:
    """学籍注册 on or before `by`."""
    said, facts = applicant.said.get("enrolled_since"), {"by": str(rule["by"])}
    if said is None:
        return Verdict("enrolment", Answer.NEEDS_EVIDENCE, "eligibility:enrolment_unknown", "declared", facts)
    fits = said.value <= str(rule["by"])
    code = "eligibility:enrolment_fits" if fits else "eligibility:enrolment_late"
    return Verdict("enrolment", Answer.PASS if fits else Answer.FAIL, code, said.basis, facts)


def _full_time_student(_rule: Mapping[str, Any], applicant: Applicant, _first_day: date) -> Verdict:
    """A full-time student, also one who founded a firm, does not enter as a worker."""
    said = applicant.said.get("full_time_student")
    if said is not None and said.value == "yes" and applicant.identity_class == "worker":
        return Verdict("full_time_student", Answer.FAIL, "eligibility:student_as_worker", said.basis)
    return Verdict("full_time_student", Answer.PASS, "eligibility:no_student_as_worker", "declared")


def _earlier_winners(rule: Mapping[str, Any], applicant: Applicant, first_day: date) -> Verdict:
    """Who took one of the first `ranks` places or one of `prizes` within `years`; `same_event` limits it to this event.

    With `without_reward` they take part and are marked: the result counts for selection, their places pass down (依次递补).
    """
    on, years = _day(rule, first_day), rule.get("years")
    for place in applicant.places:
        won = place.rank <= rule.get("ranks", 0) or place.prize in rule.get("prizes", ())
        recent = years is None or years_on(place.on, on) < years
        if won and recent and (place.same_event or not rule.get("same_event")):
            facts = {"event": place.event, "rank": place.rank}
            if place.basis == "possible":
                return Verdict(
                    "earlier_winners", Answer.NEEDS_EVIDENCE, "eligibility:winner_possible", "possible", facts
                )
            if rule.get("without_reward"):
                return Verdict("earlier_winners", Answer.PASS, "eligibility:without_reward", place.basis, facts)
            return Verdict("earlier_winners", Answer.FAIL, "eligibility:won_before", place.basis, facts)
    return Verdict("earlier_winners", Answer.PASS, "eligibility:not_won_before", "register")


def _titles_without_reward(rule: Mapping[str, Any], applicant: Applicant, _first_day: date) -> Verdict:
    for title in applicant.titles:
        if title.name in rule.get("titles", ()) and title.basis != "possible":
            facts = {"title": title.name}
            return Verdict("titles_without_reward", Answer.PASS, "eligibility:title_without_reward", title.basis, facts)
    return _possible_title(
        "titles_without_reward", set(rule.get("titles", ())), applicant, ("held", "pending")
    ) or Verdict("titles_without_reward", Answer.PASS, "eligibility:no_barred_title", "register")


def _any_of(rule: Mapping[str, Any], applicant: Applicant, first_day: date) -> Verdict:
    """One of several conditions is enough (中级工满3年或从业满6年)."""
    found = judge(rule.get("rules", ()), applicant, first_day)
    if not found:
        return _nothing_asked("any_of")
    facts = {"count": len(found)}
    met = next((one for one in found if one.answer == Answer.PASS), None)
    if met is not None:
        return Verdict("any_of", Answer.PASS, met.code, met.basis, met.facts)
    if any(one.answer == Answer.NEEDS_EVIDENCE for one in found):
        return Verdict("any_of", Answer.NEEDS_EVIDENCE, "eligibility:any_open", "declared", facts)
    return Verdict("any_of", Answer.FAIL, "eligibility:none_of", "declared", facts)


def _nothing_asked(rule: str) -> Verdict:
    """No condition stands in the group yet, or none concerns this person."""
    return Verdict(rule, Answer.PASS, "eligibility:nothing_asked", "register")


def _all_of(rule: Mapping[str, Any], applicant: Applicant, first_day: date) -> Verdict:
    """All of several conditions; the first that is not met answers. For use inside `any_of`."""
    found = judge(rule.get("rules", ()), applicant, first_day)
    if not found:
        return _nothing_asked("all_of")
    unmet = [one for one in found if one.answer == Answer.FAIL] or [one for one in found if one.answer != Answer.PASS]
    shown = (unmet or list(found))[0]
    return Verdict("all_of", shown.answer, shown.code, shown.basis, shown.facts)


KINDS: dict[str, Decide] = {
    "age": _age,
    "minor_consent": _minor_consent,
    "barred_titles": _barred_titles,
    "identity_class": _identity_class,
    "one_event": _one_event,
    "born": _born,
    "working_age": _working_age,
    "documents": _documents,
    "local": _local,
    "grade": _grade,
    "experience": _experience,
    "contract": _said("contract", "contract"),
    "insurance": _said("insurance", "insurance"),
    "enrolment": _enrolment,
    "full_time_student": _full_time_student,
    "earlier_winners": _earlier_winners,
    "titles_without_reward": _titles_without_reward,
    "any_of": _any_of,
    "all_of": _all_of,
}
