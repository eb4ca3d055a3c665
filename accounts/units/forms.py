"""Forms of bodies and their operators."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, Length, Optional

from accounts.organizations.models import OrganizationKind
from foundation.translation import sentence
from foundation.web.forms import Form


class UnitForm(Form):
    """A body below the reader's."""

    name = StringField(_("Full name of the body"), [DataRequired(_("Write the name as on the seal.")), Length(max=200)])
    kind = SelectField(_("Kind of body"), [DataRequired()])
    region_code = StringField(_("Region code"), [Optional(), Length(max=6)])
    credit_code = StringField(_("Unified social credit code"), [Optional(), Length(max=18)])
    parent_name = StringField(_("Body above it"), [Optional(), Length(max=200)])

    def offer_choices(self) -> None:
        """Fill the kinds in the reader's language."""
        self.kind.choices = [(kind.value, sentence(f"organization_kind:{kind.value}")) for kind in OrganizationKind]


class OperatorForm(Form):
    """Somebody who operates a body, or looks after a region."""

    region_code = StringField(_("Region code"), [Optional(), Length(max=6)])
    name = StringField(_("Person's name"), [DataRequired(_("Write the name.")), Length(max=60)])
    user_name = StringField(
        _("User name"), [DataRequired(_("Write the user name to sign in with.")), Length(min=3, max=40)]
    )
    reason = StringField(_("Reason"), [Optional(), Length(max=300)])


class AliasForm(Form):
    """Another name of a body."""

    alias = StringField(_("Another name"), [DataRequired(_("Write the name.")), Length(max=200)])
    parent_name = StringField(_("Body above it"), [Optional(), Length(max=200)])
