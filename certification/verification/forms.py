"""The form of the public check."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import StringField
from wtforms.validators import DataRequired, Length, Optional

from foundation.web.forms import Form


class FileForm(Form):
    """The file itself."""

    file = FileField(_("The certificate’s file (PDF) or its credential (.jwt)"), [FileRequired(_("Choose the file."))])


class CheckForm(Form):
    """A number, and the name where the asker knows it. Sent by POST: a name has no place in an address."""

    number = StringField(
        _("Certificate number"), [DataRequired(_("Write the number as it is printed.")), Length(max=40)]
    )
    name = StringField(_("Full name of the holder"), [Optional(), Length(max=60)])
