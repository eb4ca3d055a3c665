"""The form of a competition's rules."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import BooleanField, DateField, FieldList, FormField, IntegerField, SelectField, StringField, TextAreaField
from wtforms import Form as WTForm
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from competitions.programme.violations import violation_kinds
from competitions.rules.prizes import EDGES, PRIZES, WAYS
from competitions.rules.rule_set import (
    COACH_HONOURS,
    COMMENT_KINDS,
    LAST_RESORTS,
    PANEL_ENTRIES,
    PRIZE_BASES,
    TIE_BREAKS,
    RuleSet,
    plain_number,
)
from competitions.rules.rule_words import eligibility_from, values_of
from foundation.exact import Rounding
from foundation.refusal import Refusal
from foundation.translation import sentence
from foundation.web.forms import Form

MOST_PRIZES = 6
MOST_BYTES = 20 * 1024 * 1024
_KINDS = ((b"%PDF-", "application/pdf"), (b"\x89PNG\r\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))
_PLAIN = ("score_places", "last_resort", "judgement_spread", "panel_entry", "paired_tablets_only", "notice_days", "minimum_entries",
          "late_minutes", "comment_changes", "floor_deductions", "recheck_top", "recheck_rest", "recheck_limit", "rewards_enabled",
          "prize_base", "prizes_below_minimum", "coach_honour", "succession")  # fmt: skip
_ORDER = tuple(f"tie_{number}" for number in range(1, len(TIE_BREAKS) + 1))


def _number(label: Any, least: int, most: int) -> IntegerField:
    wrong = _("A whole number from %(least)s to %(most)s.", least=least, most=most)
    return IntegerField(label, [InputRequired(wrong), NumberRange(least, most, wrong)])


def _age(label: Any) -> IntegerField:
    return IntegerField(label, [Optional(), NumberRange(10, 99, _("An age in whole years, from 10 to 99."))])


class PrizeForm(WTForm):
    """One prize of the scheme. Without a prize the line is left out."""

    prize = SelectField(_("Prize"), [Optional()], validate_choice=False)
    way = SelectField(_("Takes"), [Optional()], validate_choice=False)
    value = StringField(_("Number or percent"), [Optional(), Length(max=6)])
    rounding = SelectField(_("Rounding"), [Optional()], validate_choice=False)
    edge = SelectField(_("Tie at the edge"), [Optional()], validate_choice=False)

    def stored(self) -> dict[str, str] | None:
        """The line as a rule set keeps it; None when it is empty."""
        if not self.prize.data:
            return None
        value = "yes" if self.way.data == "rest" else (self.value.data or "").strip()
        return {
            "prize": self.prize.data,
            str(self.way.data): value,
            "rounding": self.rounding.data or Rounding.HALF_UP.value,
            "edge": self.edge.data or EDGES[0],
        }


class RulesForm(Form):
    """What the notice fixes. Each saved change is a new version."""

    basis = StringField(_("Document number of the notice"), [Optional(), Length(max=200)])
    notice = FileField(_("Scan of the notice"))
    tie_1 = SelectField(_("First"))
    tie_2 = SelectField(_("Second"))
    tie_3 = SelectField(_("Third"))
    tie_4 = SelectField(_("Fourth"))
    tie_5 = SelectField(_("Fifth"))
    last_resort = SelectField(_("If they are still equal"))
    score_places = _number(_("Decimals of a published total"), 0, 6)
    judgement_spread = _number(_("Largest difference between judges of one aspect"), 0, 3)
    panel_entry = SelectField(_("How panels enter judgement marks"))
    paired_tablets_only = BooleanField(_("Only marks signed by a paired tablet count"))
    notice_days = _number(_("Public notice of results, working days"), 1, 60)
    minimum_entries = _number(_("Fewest starters of an event and division"), 0, 10000)
    late_minutes = _number(_("Minutes a competitor may be late"), 0, 240)
    comment_marks = TextAreaField(
        _("Marks that need a written reason, one a line: kind = greatest such mark"), [Optional(), Length(max=200)]
    )
    comment_changes = BooleanField(_("A judge who changes a mark after all are in says why"))
    comment_reasons = TextAreaField(
        _("Reasons offered on the tablet, one a line; empty for the usual ones"), [Optional(), Length(max=1000)]
    )
    floor_deductions = BooleanField(_("Violations of the floor record take from the total by themselves"))
    floor_amounts = TextAreaField(
        _("Other amounts than usual, one a line: kind = amount"), [Optional(), Length(max=1000)]
    )
    recheck_top = _number(_("Re-check: the best works, percent"), 0, 100)
    recheck_rest = _number(_("Re-check: drawn from the others, percent"), 0, 100)
    recheck_limit = _number(_("Re-check: all works when more than this percent are wrong"), 0, 100)
    rewards_enabled = BooleanField(_("The competition brings grades, prizes and titles"))
    prizes = FieldList(FormField(PrizeForm), min_entries=MOST_PRIZES, max_entries=MOST_PRIZES)
    prize_cap = StringField(_("Prizes with a ratio together at most, percent"), [Optional(), Length(max=6)])
    prize_base = SelectField(_("Shares are counted from"))
    coach_honour = SelectField(_("Coaches honoured as 优秀指导教师"), default="none")
    prizes_below_minimum = BooleanField(_("Prizes also when fewer than the minimum started"))
    succession = BooleanField(_("Places of those who may not be rewarded go to the next"))
    age_least = _age(_("Youngest age"))
    age_most = _age(_("Oldest age"))
    age_reference_date = DateField(_("Ages are counted on"), [Optional()])
    consent_age = _age(_("Below this age a guardian must consent"))
    barred_titles = TextAreaField(
        _("Holders of these titles may not enter, one a line"), [Optional(), Length(max=1000)]
    )
    barred_pending = BooleanField(_("Also those whose title is decided and not yet announced"))

    def offer_choices(self) -> None:
        """Fill the select fields in the reader's language."""
        ways = [("", "—"), *((way, sentence(f"rule_value:{way}")) for way in TIE_BREAKS)]
        for name in _ORDER:
            self[name].choices = ways
        self.last_resort.choices = [(way, sentence(f"rule_value:{way}")) for way in LAST_RESORTS]
        self.coach_honour.choices = [(way, sentence(f"coach_honour:{way}")) for way in COACH_HONOURS]
        self.prize_base.choices = [(base, sentence(f"prize_base:{base}")) for base in PRIZE_BASES]
        for line in self.prizes:
            line.form.prize.choices = [("", "—"), *((key, sentence(f"prize:{key}")) for key in PRIZES)]
            line.form.way.choices = [(key, sentence(f"prize_way:{key}")) for key in WAYS]
            line.form.rounding.choices = [(key.value, sentence(f"prize_rounding:{key}")) for key in Rounding]
            line.form.edge.choices = [(key, sentence(f"prize_edge:{key}")) for key in EDGES]
        self.panel_entry.choices = [(way, sentence(f"rule_value:{way}")) for way in PANEL_ENTRIES]

    def show(self, rules: RuleSet, basis: str) -> None:
        """Fill the form from the rules in force."""
        self.basis.data = basis
        for name, value in values_of(rules).items():
            if name == "tie_breaks":
                for field, way in zip(_ORDER, value, strict=False):
                    self[field].data = way
            elif name == "prizes":
                for line, one in zip(self.prizes, value, strict=False):
                    way = next(way for way in WAYS if way in one)
                    line.form.prize.data, line.form.way.data = one["prize"], way
                    line.form.value.data = "" if way == "rest" else str(one[way])
                    line.form.rounding.data, line.form.edge.data = (
                        one.get("rounding", "half_up"),
                        one.get("edge", "include_all"),
                    )
            elif name == "comment_reasons":
                self.comment_reasons.data = "\n".join(value)
            elif name in ("floor_amounts", "comment_marks"):
                self[name].data = "\n".join(f"{key} = {amount}" for key, amount in value.items())
            elif name == "barred_titles":
                self.barred_titles.data = "\n".join(value or ())
            elif name == "photo":
                continue  # set where photos are sent
            elif name == "age_reference_date":
                self.age_reference_date.data = date.fromisoformat(value) if value else None
            elif name in self:  # quotas and the waiting list have a page of their own
                self[name].data = value

    def rules(self, before: RuleSet) -> RuleSet:
        """What was typed; rules the form does not show stay as they were. Raises Refusal ages_reversed."""
        lines = (self.barred_titles.data or "").splitlines()
        day = self.age_reference_date.data
        values = {name: self[name].data for name in ("age_least", "age_most", "consent_age", "barred_pending")} | {
            "age_reference_date": day.isoformat() if day else None,
            "barred_titles": list(dict.fromkeys(line.strip() for line in lines if line.strip())),
        }
        if values["age_least"] and values["age_most"] and values["age_least"] > values["age_most"]:
            raise Refusal("ages_reversed", field="age_most", least=values["age_least"])
        ties = tuple(dict.fromkeys(self[name].data for name in _ORDER if self[name].data))
        plain = {name: self[name].data for name in _PLAIN}
        plain["floor_amounts"] = self._amounts("floor_amounts", violation_kinds(), "floor_amount_wrong")
        plain["comment_marks"] = self._amounts("comment_marks", COMMENT_KINDS, "comment_mark_wrong")
        reasons = (line.strip()[:60] for line in (self.comment_reasons.data or "").splitlines())
        plain["comment_reasons"] = tuple(dict.fromkeys(line for line in reasons if line))
        plain["prize_cap"] = (self.prize_cap.data or "").strip()
        plain["prizes"] = tuple(line for line in (one.form.stored() for one in self.prizes) if line)
        return replace(before, tie_breaks=ties, eligibility=eligibility_from(values, before), **plain)

    def _amounts(self, name: str, kinds: Container[str], wrong: str) -> dict[str, str]:
        made = {}
        for line in (self[name].data or "").splitlines():
            if not line.strip():
                continue
            key, _equals, amount = (part.strip() for part in line.replace("＝", "=").partition("="))
            if key not in kinds or not plain_number(amount):
                raise Refusal(wrong, field=name, line=line.strip())
            made[key] = amount
        return made

    def scan(self) -> tuple[bytes, str] | None:
        """The uploaded scan and its kind, None when none was chosen. Raises Refusal notice_kind_wrong, notice_too_large."""
        upload = self.notice.data
        if not upload or not getattr(upload, "filename", ""):
            return None
        data = upload.stream.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise Refusal("notice_too_large", field="notice", most=MOST_BYTES // 1024 // 1024)
        for lead, media_type in _KINDS:
            if data.startswith(lead):
                return data, media_type
        raise Refusal("notice_kind_wrong", field="notice")
