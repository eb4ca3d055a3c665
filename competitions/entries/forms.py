"""Forms of entries: one set of fields for organizers and for candidates on a phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField as UploadField
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    FileField,
    HiddenField,
    IntegerField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, EqualTo, Length, NumberRange, Optional

from catalogue.codes.queries import code_set
from competitions.entries.member_facts import MemberFacts
from competitions.entries.models.entries import EntryMember
from competitions.programme.models import Competition, Event
from competitions.rules.quotas import BEYOND, COUNTED, EACH, EXCEEDED_BY, MOST, PER
from competitions.rules.registration_fields import ABOUT, FILLED_BY, KINDS, Option
from competitions.rules.registration_fields import Field as RegistrationFieldRule
from competitions.rules.rule_set import WAITING_OFFERS, RuleSet
from foundation.clock import CHINA, new_id
from foundation.translation import sentence
from foundation.web import language
from foundation.web.forms import Form

_BARRING = ("中华技能大奖", "全国技术能手")


def choices(name: str, *, empty: bool = True) -> list[tuple[str, str]]:
    """A code set as choices in the reader's language, with an empty one first."""
    found = [(code.code, code.name(language.chosen())) for code in code_set(name).values() if not code.withdrawn]
    return [("", "—"), *found] if empty else found


def key_of(text: str | None) -> UUID | None:
    """The id a form carries."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


class MemberForm(Form):
    """Everything a certificate needs of one person. Only the name is asked for at once; the light shows what is missing."""

    name_zh = StringField(
        _("Name on the identity document"),
        [DataRequired(_("Write the name as on the identity document.")), Length(max=60)],
    )
    name_en = StringField(_("Name in English or pinyin"), [Optional(), Length(max=80)])
    document_kind = SelectField(_("Kind of identity document"), [Optional()])
    identity_number = StringField(_("Identity document number"), [Optional(), Length(max=40)])
    sex = SelectField(_("Sex"), [Optional()])
    birth_date = DateField(_("Birth date"), [Optional()])
    ethnic_group = SelectField(_("Ethnic group"), [Optional()])
    education = SelectField(_("Education"), [Optional()])
    phone = StringField(_("Mobile phone"), [Optional(), Length(max=20)])
    address = StringField(_("Address"), [Optional(), Length(max=200)])
    identity_class = SelectField(_("Identity class"), [DataRequired(_("Choose the identity class."))])
    unit_name = StringField(_("Unit or school"), [Optional(), Length(max=200)])
    post = StringField(_("Post"), [Optional(), Length(max=80)])
    years_in_trade = IntegerField(
        _("Years in the trade"), [Optional(), NumberRange(0, 70, message=_("A whole number from 0 to 70."))]
    )
    held_grade = SelectField(_("Grade already held"), [Optional()])
    held_occupation_name = StringField(_("Occupation of that grade"), [Optional(), Length(max=100)])
    held_occupation_code = StringField(_("Occupation code"), [Optional(), Length(max=20)])
    held_number = StringField(_("Number of that certificate"), [Optional(), Length(max=60)])
    held_basis = SelectField(_("Basis"), [Optional()])
    title = SelectField(_("Title held"), [Optional()])

    def offer_choices(self) -> None:
        """Fill the select fields in the reader's language."""
        self.document_kind.choices = choices("identity_document_kind", empty=False)
        self.sex.choices = [(code, name) for code, name in choices("sex") if code != "9"]
        for name in ("ethnic_group", "education"):
            self[name].choices = choices(name)
        self.identity_class.choices = choices("identity_class", empty=False)
        self.held_grade.choices = [("", _("none")), *choices("grade", empty=False)]
        self.held_basis.choices = [("declared", _("declared")), ("verified", _("certificate seen and checked"))]
        self.title.choices = [("", _("none")), *((title, title) for title in _BARRING)]

    def facts(self) -> MemberFacts:
        """What was typed, as the actions want it."""
        names = (
            "name_zh", "name_en", "sex", "ethnic_group", "education", "phone", "address", "identity_class", "unit_name",
            "post", "held_grade", "held_occupation_name", "held_occupation_code", "held_number",
        )  # fmt: skip
        return MemberFacts(
            **{name: self[name].data or "" for name in names},  # type: ignore[arg-type]
            document_kind=self.document_kind.data or "resident_identity_card",
            document_number=self.identity_number.data or "",
            birth_date=self.birth_date.data,
            years_in_trade=self.years_in_trade.data,
            held_basis=self.held_basis.data or "declared",
            titles=(self.title.data,) if self.title.data else (),
        )

    def show(self, member: EntryMember) -> None:
        """Fill the form from a member; numbers that are sealed stay empty, and empty means unchanged."""
        person, held = member.person, member.held_grade
        for name in ("name_zh", "name_en", "sex", "birth_date", "ethnic_group", "education"):
            self[name].data = getattr(person, name)
        for name in ("identity_class", "unit_name", "post", "years_in_trade"):
            self[name].data = getattr(member, name)
        if person.documents:
            self.document_kind.data = person.documents[0].kind
        if held is not None:
            self.held_grade.data, self.held_basis.data = held.name, held.basis
            self.held_occupation_name.data, self.held_occupation_code.data = held.occupation_name, held.occupation_code


class EntryForm(Form):
    """What belongs to the entry rather than to one of its members."""

    key = HiddenField(validators=[Optional()])
    division_id = SelectField(_("Division"), [DataRequired(_("Choose the division."))])
    delegation = StringField(_("Delegation"), [Optional(), Length(max=120)])
    late_reason = StringField(_("Why so late"), [Optional(), Length(max=300)])
    quota_reason = StringField(_("Why beyond the quota"), [Optional(), Length(max=300)])

    def offer(self, event: Event) -> None:
        """The event's divisions, and a key so that a second click makes nothing new."""
        self.division_id.choices = [(str(row.id), _named(row)) for row in event.divisions]
        if not self.key.data:
            self.key.data = str(new_id())


def _named(row: object) -> str:
    name: str = getattr(row, "name_en", "") if language.chosen() == "en" else ""
    return name or getattr(row, "name_zh", "")


class RegisterForm(MemberForm):
    """A candidate's own registration on a phone, with an account when there is none yet."""

    key = HiddenField(validators=[Optional()])
    delegation = SelectField(_("Delegation"), [Optional()])
    place = SelectField(_("Event and division"), [DataRequired(_("Choose event and division."))])
    user_name = StringField(
        _("User name"), [Optional(), Length(min=3, max=40, message=_("A user name has 3 to 40 characters."))]
    )
    new_password = PasswordField(_("Password"), [Length(max=200)])
    again = PasswordField(_("Password again"), [EqualTo("new_password", _("The two passwords differ."))])

    def offer(self, events: list[Event], delegations: Sequence[tuple[str, str]] = ()) -> None:
        """Events for one person, each with its divisions; the delegations that review, where the rules say so."""
        self.offer_choices()
        self.place.choices = [
            (f"{event.id}/{division.id}", f"{_named(event)} · {_named(division)}")
            for event in events
            if event.team_size == 1 and event.cancelled_at is None
            for division in event.divisions
        ]
        self.delegation.choices = [("", "—"), *delegations]
        if not self.key.data:
            self.key.data = str(new_id())

    def chosen(self) -> tuple[UUID, UUID]:
        """(event, division)."""
        event, _slash, division = str(self.place.data).partition("/")
        return UUID(event), UUID(division)


class ClaimForm(Form):
    """What the slip and the identity document say, and how to sign in from now on."""

    name = StringField(_("Name on the identity document"), [DataRequired(_("Write your name.")), Length(max=60)])
    document_kind = SelectField(_("Kind of identity document"), [DataRequired()])
    identity_number = StringField(
        _("Identity document number"), [DataRequired(_("Write the number of your document.")), Length(max=40)]
    )
    code = StringField(_("Claim code"), [DataRequired(_("Write the code on the slip.")), Length(max=20)])
    user_name = StringField(
        _("User name"), [Optional(), Length(min=3, max=40, message=_("A user name has 3 to 40 characters."))]
    )
    phone = StringField(_("Mobile phone"), [Optional(), Length(max=20)])
    new_password = PasswordField(_("Password"), [Length(max=200)])
    again = PasswordField(_("Password again"), [EqualTo("new_password", _("The two passwords differ."))])


class ReviewForm(Form):
    """A decision on an entry."""

    decision = HiddenField(validators=[DataRequired()])
    note = StringField(_("Note to the candidate"), [Optional(), Length(max=300)])
    override_reason = StringField(_("Reason for accepting all the same"), [Optional(), Length(max=300)])


class ReasonForm(Form):
    """A reason."""

    reason = StringField(_("Reason"), [Optional(), Length(max=300)])


class StatementForm(Form):
    """Why somebody is replaced, on which statement, and by which substitute."""

    reason = StringField(_("Reason"), [DataRequired(_("Write down why.")), Length(max=300)])
    statement = FileField(_("Sealed statement, PDF or photo"))
    substitute = SelectField(_("Who steps in"), [Optional()])

    def offer(self, substitutes: list[tuple[str, str]]) -> None:
        """The named substitutes, after somebody new."""
        self.substitute.choices = [("", _("somebody new")), *substitutes]


class PhotoForm(Form):
    """A photo."""

    photo = FileField(_("Photo"))


class ConsentForm(Form):
    """A guardian's consent."""

    consent = FileField(_("Signed consent"))


class AttendanceForm(Form):
    """Who came."""

    attendance = HiddenField(validators=[DataRequired()])
    note = StringField(_("Note"), [Optional(), Length(max=300)])


class DelegationForm(Form):
    """A body that sends people."""

    name = StringField(_("Name of the delegation"), [DataRequired(_("Write the name of the body.")), Length(max=120)])


class DeadlineForm(Form):
    """Until when people enter, by the clock in China; empty means no limit but the organizer's own step."""

    closes_at = DateTimeLocalField(_("Registration ends"), [Optional()])
    leader = DateTimeLocalField(_("For delegations, if earlier or later"), [Optional()])
    unit = DateTimeLocalField(_("For units, if earlier or later"), [Optional()])
    candidate = DateTimeLocalField(_("For candidates who register themselves, if earlier or later"), [Optional()])

    def moment(self, role: str = "") -> datetime | None:
        """What was typed for everybody, or for a role, as a moment."""
        typed: datetime | None = self[role or "closes_at"].data
        return typed.replace(tzinfo=CHINA) if typed else None

    def show(self, moment: datetime | None, own: Mapping[str, datetime]) -> None:
        """Fill the form from the moments in force."""
        for name, value in {"closes_at": moment, **own}.items():
            self[name].data = value.astimezone(CHINA).replace(tzinfo=None) if value else None


class QuotaForm(Form):
    """One quota of the notice."""

    most = IntegerField(_("At most"), [DataRequired(_("Write how many.")), NumberRange(1, MOST)])
    counted = SelectField(_("Counted are"), [DataRequired()])
    per = SelectField(_("Per"), [DataRequired()])
    each = SelectField(_("In"), [DataRequired()])
    events = SelectMultipleField(_("Only these events"), [Optional()])
    divisions = SelectMultipleField(_("Only these divisions"), [Optional()])
    beyond = SelectField(_("Who comes beyond it"), [DataRequired()])
    exceeded_by = SelectField(_("May go beyond it with a reason"), [DataRequired()])
    article = StringField(_("Where the notice says so"), [Optional(), Length(max=200)])

    def offer(self, competition: Competition) -> None:
        """Fill the choices in the reader's language."""
        for name, values in (
            ("counted", COUNTED), ("per", PER), ("each", EACH), ("beyond", BEYOND), ("exceeded_by", EXCEEDED_BY),
        ):  # fmt: skip
            self[name].choices = [(value, sentence(f"quota_{name}:{value}")) for value in values]
        self.events.choices = [(event.code, _named(event)) for event in competition.events]
        kinds = {division.kind: _named(division) for event in competition.events for division in event.divisions}
        self.divisions.choices = list(kinds.items())

    def stored(self) -> dict[str, Any]:
        """What was typed, as the rule reads it."""
        names = ("most", "counted", "per", "each", "beyond", "exceeded_by")
        return {name: self[name].data for name in names} | {
            "events": self.events.data or [],
            "divisions": self.divisions.data or [],
            "article": (self.article.data or "").strip(),
        }


class WaitingForm(Form):
    """What a full division does, and how a free place is offered."""

    full_division = SelectField(_("When the places of a division are taken"), [DataRequired()])
    waiting_offers = SelectField(_("A place that becomes free"), [DataRequired()])
    offer_hours = IntegerField(_("Hours an offered place is kept"), [DataRequired(), NumberRange(1, 720)])
    coaches_most = IntegerField(_("Coaches an entry may name, at most"), [Optional(), NumberRange(0, 20)])
    units_open = BooleanField(_("Units open their delegation themselves"))
    unit_reviews = BooleanField(_("The unit reviews before the organizer"))
    delegation_reviews = BooleanField(_("The delegation reviews before the organizer"))

    def offer_choices(self) -> None:
        """Fill the choices in the reader's language."""
        self.full_division.choices = [(value, sentence(f"quota_beyond:{value}")) for value in BEYOND]
        self.waiting_offers.choices = [(value, sentence(f"rule_value:{value}")) for value in WAITING_OFFERS]

    def show(self, rules: RuleSet) -> None:
        """Fill the form from the rules in force."""
        self.offer_choices()
        for name in ("full_division", "waiting_offers", "offer_hours", "coaches_most", "units_open"):
            self[name].data = getattr(rules, name)
        for level in ("unit", "delegation"):
            self[f"{level}_reviews"].data = level in rules.review_levels

    def levels(self) -> tuple[str, ...]:
        """The levels that review before the organizer."""
        return tuple(level for level in ("unit", "delegation") if self[f"{level}_reviews"].data)


class OfficerForm(Form):
    """A leader or coach; a leader gets a user name to sign in with."""

    role = SelectField(_("Office"), [DataRequired()])
    name = StringField(_("Name of the person"), [DataRequired(_("Write the name.")), Length(max=60)])
    user_name = StringField(
        _("User name"), [Optional(), Length(min=3, max=40, message=_("A user name has 3 to 40 characters."))]
    )

    def offer(self, roles: list[str]) -> None:
        """The offices that may be given."""
        self.role.choices = [(role, sentence(f"officer_role:{role}")) for role in roles]


class HandOverForm(Form):
    """Another leader in place of one, and why."""

    name = StringField(_("Name of the person"), [DataRequired(_("Write the name.")), Length(max=60)])
    user_name = StringField(_("User name"), [DataRequired(), Length(min=3, max=40)])
    reason = StringField(_("Reason"), [Optional(), Length(max=300)])


class SummaryForm(Form):
    """The sealed summary as it comes back."""

    code = StringField(_("Code on the sheet"), [DataRequired(_("Write the code on the sheet.")), Length(max=20)])
    scan = FileField(_("Sealed summary"))


class RosterForm(Form):
    """A roster as a spreadsheet."""

    file = UploadField(_("Workbook (.xlsx)"))
    event_id = SelectField(_("Event"), [Optional()])


class RosterColumnsForm(Form):
    """What each column of a roster holds: fields `c0`, `c1`, … read by the view."""


class FieldForm(Form):
    """One more question of the registration form."""

    label_zh = StringField(_("Question in Chinese"), [DataRequired(_("Write the question.")), Length(max=80)])
    label_en = StringField(_("Question in English"), [Optional(), Length(max=120)])
    key = StringField(_("Short name"), [DataRequired(_("Write a short name.")), Length(max=40)])
    kind = SelectField(_("Kind"), [DataRequired()])
    options = TextAreaField(_("Answers of a choice, one a line"), [Optional(), Length(max=2000)])
    filled_by = SelectField(_("Who fills it in"), [DataRequired()])
    about = SelectField(_("Asked about"), [Optional()])
    event_id = SelectField(_("In the event"), [Optional()])
    identity_class = SelectField(_("Asked of"), [Optional()])
    required = BooleanField(_("Required"))

    def offer_choices(self, events: Sequence[Event] = ()) -> None:
        """Fill the select fields in the reader's language."""
        self.about.choices = [(what, sentence(f"field_about:{what}")) for what in ABOUT]
        self.event_id.choices = [("", _("every event")), *((str(one.id), _named(one)) for one in events)]
        self.kind.choices = [(kind, sentence(f"field_kind:{kind}")) for kind in KINDS]
        self.filled_by.choices = [(who, sentence(f"filled_by:{who}")) for who in FILLED_BY]
        self.identity_class.choices = [("", _("everybody")), *choices("identity_class", empty=False)]

    def field(self) -> RegistrationFieldRule:
        """What was typed, as the rules read it; `中文 = English` names an answer in both languages."""
        pairs = [line.partition("=") for line in (self.options.data or "").splitlines() if line.strip()]
        options = tuple(
            Option(f"a{number}", zh.strip(), en.strip()) for number, (zh, _sign, en) in enumerate(pairs, start=1)
        )
        return RegistrationFieldRule(
            key=self.key.data or "", kind=self.kind.data, filled_by=self.filled_by.data, required=bool(self.required.data),
            options=options if self.kind.data == "choice" else (), identity_class=self.identity_class.data or "",
            about=self.about.data or "member", event_id=key_of(self.event_id.data),
        )  # fmt: skip
