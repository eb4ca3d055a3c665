"""Who may take part: each rule of a notice as data, each answer with its reason, its basis and the evidence it wants.

The kinds and their values: `age` (least, most, reference_date; without a date the competition's first day), `minor_consent`
(age), `barred_titles` (titles, pending), `identity_class` (any_of), `one_event`. What is admitted in practice: the yearly
notices on national industry competitions (全国行业职业技能竞赛) and their provincial counterparts, section "参赛条件".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from foundation.refusal import Refusal


class Answer(StrEnum):
    """What a rule says of a person."""

    PASS = "pass"  # noqa: S105  # nosec B105
    FAIL = "fail"
    NEEDS_EVIDENCE = "needs_evidence"


@dataclass(frozen=True, slots=True)
class Title:
    """An honour somebody holds (`held`) or has earned and waits for (`pending`), and how we know."""

    name: str
    state: str = "held"
    basis: str = "declared"


@dataclass(frozen=True, slots=True)
class Applicant:
    """What the rules ask about a person."""

    birth_date: date | None
    identity_class: str = ""
    titles: tuple[Title, ...] = ()
    consent: bool = False
    other_events: int = 0
    """Events of the same competition in which this person is entered as well."""
    birth_basis: str = "declared"


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


EVIDENCE = {
    "eligibility:birth_date_unknown": "evidence:identity_document",
    "eligibility:consent_unknown": "evidence:identity_document",
    "eligibility:consent_missing": "evidence:guardian_consent",
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
        decide = KINDS.get(str(rule.get("kind", "")))
        if decide is None:
            raise Refusal("eligibility_rule_unknown", kind=str(rule.get("kind", "")))
        verdicts.append(decide(rule, applicant, first_day))
    return tuple(verdicts)


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
            if title.name in barred and title.state == state:
                code = "eligibility:title_barred" if state == "held" else "eligibility:title_barred_pending"
                return Verdict("barred_titles", Answer.FAIL, code, title.basis, {"title": title.name})
    return Verdict("barred_titles", Answer.PASS, "eligibility:no_barred_title", "register")


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


KINDS = {
    "age": _age,
    "minor_consent": _minor_consent,
    "barred_titles": _barred_titles,
    "identity_class": _identity_class,
    "one_event": _one_event,
}
