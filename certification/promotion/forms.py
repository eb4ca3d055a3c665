"""Forms of promotion."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import BooleanField, DateField, HiddenField, IntegerField, SelectField, StringField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from certification.promotion.facts import NoticeFacts
from foundation.web.forms import Form


class ProposeForm(Form):
    """A publication under a policy by an issuer."""

    publication = SelectField(_("Decided publication"), [DataRequired(_("Choose a publication."))])
    policy = SelectField(_("Award policy"), [DataRequired(_("Choose a policy in force."))])
    issuer = SelectField(_("Issuer"), [DataRequired(_("Choose the issuer."))])
    edge_decision = SelectField(_("Ties across the last place of a band"), [Optional()])

    def offer_edges(self) -> None:
        """What can be said of ties, in the reader's language."""
        self.edge_decision.choices = [
            ("", gettext("as the policy says")),
            ("include", gettext("the chief judge takes the tie in")),
            ("exclude", gettext("the chief judge leaves the tie out")),
        ]


class ReasonForm(Form):
    """A step that needs a reason."""

    case_id = HiddenField(validators=[DataRequired()])
    move = HiddenField(validators=[DataRequired()])
    reason = StringField(
        _("Reason"), [DataRequired(_("Write down why: the reason stays with the record.")), Length(max=300)]
    )


class NoticeForm(Form):
    """What the public notice says."""

    days = IntegerField(_("Working days"), [DataRequired(), NumberRange(1, 30)], default=5)
    contact_name = StringField(_("Contact of the host"), [DataRequired(_("Name whom to write to.")), Length(max=60)])
    contact_phone = StringField(_("Contact phone"), [DataRequired(_("Give a phone number.")), Length(max=40)])
    contact_address = StringField(
        _("Contact address"), [DataRequired(_("Give an address for letters.")), Length(max=200)]
    )
    supervision_phone = StringField(
        _("Phone of the discipline office"), [DataRequired(_("Give a phone number.")), Length(max=40)]
    )

    def facts(self) -> NoticeFacts:
        """What was typed, as the action wants it."""
        return NoticeFacts(
            days=self.days.data or 0, contact_name=self.contact_name.data or "", contact_phone=self.contact_phone.data or "",
            contact_address=self.contact_address.data or "", supervision_phone=self.supervision_phone.data or "",
        )  # fmt: skip


class ApprovalForm(Form):
    """Approval: document number and date; from outside with a scan."""

    number = StringField(
        _("Document number of the approval"), [DataRequired(_("Write the document number.")), Length(max=60)]
    )
    on = DateField(_("Date of the approval"), [DataRequired(_("Choose the date."))])
    outside = BooleanField(_("The approval was given outside Laurel; the scan is attached"))
    scan = FileField(_("Scan (PDF, JPEG or PNG)"), validators=[Optional()])
