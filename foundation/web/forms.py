"""Forms: one base, refusals that land on their field, fields that keep numbers exact."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import StringField, ValidationError
from wtforms.fields import Field

from foundation.exact import exact
from foundation.refusal import Missing, Refusal
from foundation.translation import sentence


class Form(FlaskForm):
    """Every form of the house: protected against forged requests, texts trimmed, messages translated."""

    class Meta(FlaskForm.Meta):
        """WTForms' own messages come from its catalogues, in the reader's language."""

        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
            """Trim what is typed into text fields; passwords stay as they are."""
            if (
                issubclass(unbound_field.field_class, StringField)
                and "Password" not in unbound_field.field_class.__name__
            ):
                options = {**options}
                filters = list(unbound_field.kwargs.get("filters", ()))
                unbound_field.kwargs["filters"] = [*filters, _trimmed] if _trimmed not in filters else filters
            return unbound_field.bind(form=form, **options)

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal on the field it names, else above the form."""
        message = sentence(refusal.code, **refusal.facts)
        field: Field | None = self._fields.get(refusal.field or "")
        if field is None:
            self.form_errors.append(message)
        else:
            field.errors = [*field.errors, message]


def _trimmed(value: str | None) -> str | None:
    return value.strip() if isinstance(value, str) else value


@contextmanager
def refusals_on(form: Form) -> Iterator[None]:
    """Inside, a refusal is shown on `form` and the rest of the block is skipped. Missing objects still answer 404."""
    try:
        yield
    except Missing:
        raise
    except Refusal as refusal:
        form.refuse(refusal)


class ExactField(StringField):
    """A number typed as text, kept as a Fraction; `places` and the bounds are checked as declared."""

    def __init__(
        self,
        label: Any = None,
        validators: Any = (),
        *,
        places: int = 2,
        least: int | None = None,
        most: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.places, self.least, self.most = places, least, most

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Text → Fraction, or a sentence that says what would be right."""
        self.data: Fraction | None = None
        if not valuelist or not valuelist[0].strip():
            return
        try:
            value = exact(valuelist[0])
        except ValueError as wrong:
            raise ValidationError(gettext("Write a number such as 12 or 12.5.")) from wrong
        if (value * 10**self.places).denominator != 1:
            raise ValidationError(gettext("At most %(places)s decimals.", places=self.places))
        if self.least is not None and value < self.least:
            raise ValidationError(gettext("At least %(least)s.", least=self.least))
        if self.most is not None and value > self.most:
            raise ValidationError(gettext("At most %(most)s.", most=self.most))
        self.data = value
