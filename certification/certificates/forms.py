"""Forms of the officer's pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import PasswordField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

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


class EndForm(Form):
    """Revoke or withdraw, and why."""

    act = RadioField(_("What is to happen"), default="withdraw")
    reason = TextAreaField(_("Reason"), [DataRequired(_("Write down why.")), Length(max=500)])

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.act.choices = [
            ("revoke", _("Revoke: it was wrong from the start")),
            ("withdraw", _("Withdraw: it is no longer valid from today")),
        ]
