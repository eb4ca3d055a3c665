"""Joins the rooms of this package to an application; nothing else."""

from __future__ import annotations

from flask import Flask

from certification.certificates import models as certificate_models  # noqa: F401
from certification.filings import models as filing_models  # noqa: F401
from certification.policies import models as policy_models  # noqa: F401
from certification.promotion import models as promotion_models  # noqa: F401


def register(app: Flask) -> None:
    """Blueprints, sentences, permissions, scopes, navigation."""
