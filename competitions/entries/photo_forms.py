"""Forms of photos in bulk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, MultipleFileField, SelectField
from wtforms.validators import DataRequired

from competitions.rules.rule_set import PHOTO_GROUNDS, PHOTO_SIZES
from foundation.translation import sentence
from foundation.web.forms import Form

_SHARP = 20


class PhotosForm(Form):
    """An archive, or many pictures at once."""

    file = MultipleFileField(_("ZIP archive, or several pictures"))


class PhotoRuleForm(Form):
    """What a photo must be."""

    size = SelectField(_("Size once cropped"), [DataRequired()])
    ground = SelectField(_("Ground"), [DataRequired()])
    sharp = BooleanField(_("Mark photos that are out of focus"))
    strict = BooleanField(_("Do not file photos whose ground or sharpness does not fit"))

    def offer_choices(self) -> None:
        """Fill the select fields in the reader's language."""
        self.size.choices = [(name, sentence(f"photo_size:{name}")) for name in PHOTO_SIZES]
        self.ground.choices = [(name, sentence(f"photo_ground:{name}")) for name in PHOTO_GROUNDS]

    def show(self, photo: Mapping[str, Any]) -> None:
        """Fill the form from the rule in force."""
        size = (photo["width"], photo["height"])
        self.size.data = next((name for name, wanted in PHOTO_SIZES.items() if wanted == size), None)
        self.ground.data, self.sharp.data, self.strict.data = photo["ground"], bool(photo["sharpness"]), photo["strict"]

    def rule(self) -> dict[str, Any]:
        """What was chosen, as the rule set keeps it."""
        width, height = PHOTO_SIZES[self.size.data]
        sharpness = _SHARP if self.sharp.data else 0
        return {
            "width": width,
            "height": height,
            "ground": self.ground.data,
            "sharpness": sharpness,
            "strict": bool(self.strict.data),
        }
