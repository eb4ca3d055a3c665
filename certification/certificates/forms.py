"""Forms of the officer's pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, PasswordField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from certification.certificates.actions.life import CORRECTABLE, PHOTO, ChangeFacts
from certification.rules.certificate_states import Act
from foundation.refusal import Refusal
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


class ReportForm(ChosenForm):
    """The receipt of an upload."""

    reference = StringField(_("Receipt of the upload"), [Length(max=80)])


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
