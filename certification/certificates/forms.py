"""Forms of the officer's pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    ColorField,
    DateField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from certification.certificates.actions.designs import Given
from certification.certificates.actions.life import CORRECTABLE, PHOTO, ChangeFacts
from certification.certificates.models.designs import DesignVersion
from certification.certificates.recipients import KIND_OF, Asked
from certification.rules.certificate_states import Act
from certification.rules.design_settings import TEXTS, Settings
from foundation.refusal import Refusal
from foundation.translation import sentence
from foundation.web.forms import Form


class ChosenForm(Form):
    """Certificates ticked in a list."""

    certificate = SelectMultipleField(validate_choice=False)

    def ids(self) -> list[UUID]:
        """The ids. Raises Refusal nothing_chosen; what is no id is left out."""
        found = []
        for text in self.certificate.data or ():
            try:
                found.append(UUID(text))
            except ValueError:
                continue
        if not found:
            raise Refusal("nothing_chosen")
        return found


class GroupsForm(Form):
    """Groups of what waits to be issued."""

    group = SelectMultipleField(validate_choice=False)


class VoidForm(Form):
    """Serials that no certificate will carry."""

    grade = SelectField(_("Grade"), [DataRequired()])
    up_to = IntegerField(
        _("Up to serial"), [InputRequired(_("Write the last serial to void.")), NumberRange(1, 999_999)]
    )
    reason = StringField(_("Reason"), [DataRequired(_("Write down why.")), Length(max=200)])

    def offer(self, grades: Mapping[str, str]) -> None:
        """The grades the issuer's numbers know."""
        self.grade.choices = [(grade, sentence(f"certificate_grade:{grade}")) for grade, mark in grades.items() if mark]


class ReportForm(ChosenForm):
    """The receipt of an upload."""

    reference = StringField(_("Receipt of the upload"), [Length(max=80)])


class ReceiptForm(Form):
    """What the authority answered."""

    reference = StringField(_("Receipt of the upload"), [DataRequired(_("Write down the receipt.")), Length(max=80)])
    file = FileField(_("The authority’s answer (.xlsx)"))


class ReturnedForm(Form):
    """The list the authority sent back."""

    file = FileField(_("Returned list (.xlsx)"), [FileRequired(_("Choose the file."))])


class KeyFileForm(Form):
    """A key that an authority certified."""

    file = FileField(_("Key and certificate (.p12, .pfx)"), [FileRequired(_("Choose the file."))])
    passphrase = PasswordField(_("Passphrase of the file"), [Length(max=200)])


class RetireForm(Form):
    """Why a key signs no more."""

    reason = StringField(_("Reason"), [DataRequired(_("Write down why.")), Length(max=300)])


class DesignForm(Form):
    """An issuer's settings of a design; fields the design does not let be set are taken away."""

    title = StringField(_("Heading"), [Length(max=14)])
    title_en = StringField(_("Title in English"), [Length(max=60)])
    body = TextAreaField(_("What it says"), [Length(max=160)])
    body_en = TextAreaField(_("What it says in English"), [Length(max=300)])
    closing = StringField(_("Closing words"), [Length(max=60)])
    issuer = StringField(_("Issuer as printed"), [Length(max=60)])
    issuer_en = StringField(_("Issuer in English as printed"), [Length(max=140)])
    role_1 = StringField(_("First signatory: office"), [Length(max=20)])
    name_1 = StringField(_("First signatory: name"), [Length(max=20)])
    role_2 = StringField(_("Second signatory: office"), [Length(max=20)])
    name_2 = StringField(_("Second signatory: name"), [Length(max=20)])
    role_3 = StringField(_("Third signatory: office"), [Length(max=20)])
    name_3 = StringField(_("Third signatory: name"), [Length(max=20)])
    colour_title = ColorField(_("Colour of the title"))
    colour_prize = ColorField(_("Colour of the prize"))
    colour_accent = ColorField(_("Colour of the English lines"))
    colour_line = ColorField(_("Colour of the fine lines"))
    colour_paper = ColorField(_("Colour of the paper"))
    with_photo = BooleanField(_("With the holder’s photo"))
    logo = FileField(_("Logo (PNG, JPEG or WebP)"))
    without_logo = BooleanField(_("Take the logo away"))
    seal = RadioField(_("Seal"), default="space")
    seal_picture = FileField(_("Picture of the seal (PNG, JPEG or WebP)"))

    def offer(self, design: Mapping[str, Any], *, seals: Iterable[str]) -> DesignForm:
        """Keep the fields this design lets be set, and offer the kinds of seal there are here."""
        editable = set(design.get("editable", ()))
        gone = [name for name in (*TEXTS, "with_photo") if name not in editable]
        gone += [
            f"colour_{name}"
            for name in ("title", "prize", "accent", "line", "paper")
            if name not in design.get("colours", {})
        ]
        if "signatories" not in editable:
            gone += [f"{part}_{number}" for part in ("role", "name") for number in (1, 2, 3)]
        if "logo" not in editable:
            gone += ["logo", "without_logo"]
        if "seal" not in editable:
            gone += ["seal", "seal_picture"]
        for name in gone:
            del self[name]
        if "seal" in self:
            self.seal.choices = [(key, sentence(f"design_seal:{key}")) for key in seals]
        return self

    def show(self, settings: Settings) -> None:
        """Fill the form."""
        values: dict[str, Any] = {**settings.texts, "with_photo": settings.with_photo, "seal": settings.seal}
        values |= {f"colour_{name}": colour for name, colour in settings.colours.items()}
        for number, (role, name) in enumerate(settings.signatories, start=1):
            values |= {f"role_{number}": role, f"name_{number}": name}
        for name, value in values.items():
            if name in self:
                self[name].data = value

    def given(self) -> Given:
        """What was sent."""
        hands = (
            tuple((self[f"role_{n}"].data or "", self[f"name_{n}"].data or "") for n in (1, 2, 3))
            if "role_1" in self
            else ()
        )
        settings = Settings(
            texts={name: self[name].data or "" for name in TEXTS if name in self},
            signatories=tuple(hand for hand in hands if any(hand)),
            colours={name.removeprefix("colour_"): self[name].data for name in self._fields if name.startswith("colour_") and self[name].data},
            with_photo=bool(self.with_photo.data) if "with_photo" in self else False,
            seal=(self.seal.data if "seal" in self else None) or "space",
        )  # fmt: skip
        return Given(
            settings, logo=self._sent("logo"), seal=self._sent("seal_picture"),
            without_logo=bool(self.without_logo.data) if "without_logo" in self else False,
        )  # fmt: skip

    def _sent(self, name: str) -> bytes:
        sent = self[name].data if name in self else None
        return bytes(sent.read()) if sent and sent.filename else b""


class AwardForm(Form):
    """What is issued out of a publication."""

    given_as = RadioField(_("What for"), default="prize")
    version = SelectField(_("Design"), [DataRequired(_("Publish a version of a design first."))])
    wording = StringField(_("Title of honour"), [Length(max=20)])
    wording_en = StringField(_("Title of honour in English"), [Length(max=60)])
    to_rank = IntegerField(_("Down to rank"), [Optional(), NumberRange(1, 999)])

    def offer(self, versions: Sequence[DesignVersion], given_as: str) -> None:
        """The things certificates are given for, and the versions that fit."""
        self.given_as.choices = [(key, sentence(f"given_as:{key}")) for key in KIND_OF]
        kind = KIND_OF.get(given_as, "")
        self.version.choices = [(str(row.id), f"{row.name} ({row.number})") for row in versions if row.kind == kind]

    def asked(self) -> Asked:
        """What was chosen."""
        return Asked(
            self.given_as.data or "prize", self.wording.data or "", self.wording_en.data or "", self.to_rank.data or 0
        )


class PublishForm(Form):
    """A version's name, and who answers for its pictures."""

    name = StringField(_("Name of the version"), [DataRequired(_("Write a name: what is new in it.")), Length(max=80)])
    pictures_allowed = BooleanField(
        _("I answer for its pictures: no state emblem, no flag, and the body whose seal or logo it is allows it.")
    )


class OwnChangeForm(Form):
    """What a holder asks for: a correction, with what is to stand there, or a reissue."""

    act = RadioField(_("What is asked for"), validate_choice=True)
    reason = TextAreaField(_("Reason"), [DataRequired(_("Write down why.")), Length(max=500)])
    name = StringField(_("Name, as it should be"), [Optional(), Length(max=60)])
    name_en = StringField(_("Name in English, as it should be"), [Optional(), Length(max=80)])
    document_number = StringField(_("Document number, as it should be"), [Optional(), Length(max=40)])
    photo = BooleanField(_("Print the photo that is on record now"))
    evidence = FileField(_("Evidence (PDF, JPEG or PNG)"), [Optional()])

    def offer(self, acts: Sequence[Act]) -> None:
        """Only these acts can be chosen."""
        labels = {
            Act.REVOKE: _("Revoke (撤销): it was wrong from the start"),
            Act.WITHDRAW: _("Withdraw (注销): it holds no longer, from a day on"),
            Act.CORRECT: _("Correct (更正换发): a new file with the same number"),
            Act.REISSUE: _("Reissue (补发): new paper with the same number"),
        }
        self.act.choices = [(act.value, labels[act]) for act in acts]

    def facts(self, evidence_id: UUID | None) -> ChangeFacts:
        """What was typed."""
        wanted = {name: self[name].data or "" for name in CORRECTABLE if name in self}
        if self.photo.data:
            wanted[PHOTO] = "1"
        return ChangeFacts(self.reason.data or "", wanted=wanted, evidence_id=evidence_id)


class ChangeForm(OwnChangeForm):
    """What an officer asks for."""

    effective_on = DateField(_("Valid for the last time on"), [Optional()])
    replaced_by = StringField(_("Number of the certificate that takes its place"), [Optional(), Length(max=30)])
    work_type = StringField(_("Work type or direction, as it should be"), [Optional(), Length(max=80)])

    def facts(self, evidence_id: UUID | None) -> ChangeFacts:
        """What was typed."""
        return replace(
            super().facts(evidence_id), effective_on=self.effective_on.data, replaced_by=self.replaced_by.data or ""
        )


class AgreeForm(Form):
    """Agreeing to a request."""

    print_serial = StringField(_("Print serial of the new paper"), [Optional(), Length(max=40)])
    note = StringField(_("Note"), [Optional(), Length(max=300)])


class RefuseForm(Form):
    """Not agreeing, and why."""

    note = StringField(_("Why not"), [DataRequired(_("Write down why.")), Length(max=300)])


class ShareForm(Form):
    """A link to give away."""

    note = StringField(_("For whom (only you see this)"), [Optional(), Length(max=60)])
    days = SelectField(_("How long it works"), coerce=int, default=30)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.days.choices = [(7, _("7 days")), (30, _("30 days")), (365, _("one year")), (0, _("until I withdraw it"))]
