"""Joins the rooms of this package to an application; nothing else."""

from __future__ import annotations

from flask import Flask

from accounts.access import roles
from certification.certificates import jobs as certificate_jobs
from certification.certificates import models as certificate_models  # noqa: F401
from certification.certificates import permissions as certificate_permissions
from certification.certificates import queries as certificates
from certification.certificates import sentences as certificate_sentences
from certification.certificates.permissions import CertificatePermission
from certification.certificates.views import holder as certificate_holder_views
from certification.certificates.views import officer as certificate_views
from certification.filings import models as filing_models  # noqa: F401
from certification.policies import models as policy_models  # noqa: F401
from certification.promotion import models as promotion_models  # noqa: F401
from certification.records import sentences as record_sentences
from certification.records import views as record_views
from certification.verification import sentences as verification_sentences
from certification.verification import views as verification_views
from foundation import translation
from foundation.jobs import kinds
from foundation.permission import register_scope
from foundation.print import designs
from foundation.translation import N_
from foundation.web import cards, navigation
from foundation.web.navigation import NavigationItem

_CERTIFICATION = N_("Certification")


def register(app: Flask) -> None:
    """Blueprints, sentences, permissions, scopes, navigation."""
    for module in (certificate_sentences, verification_sentences, record_sentences):
        translation.register(module.SENTENCES)
    roles.register(certificate_permissions.ROLES)
    register_scope("certificate_id", certificates.certificate_scopes)
    cards.register(certificates.waiting_cards)
    for kind in certificate_jobs.KINDS:
        kinds.register(kind)
    designs.install_fonts(app.config["DATA_FOLDER"] / "fonts")
    for room in (certificate_views, certificate_holder_views, verification_views, record_views):
        app.register_blueprint(room.blueprint)
    app.jinja_env.globals["endpoints"] = app.view_functions  # a layout offers what is there
    permission = CertificatePermission
    navigation.register(
        NavigationItem(
            _CERTIFICATION, N_("Number, report, issue"), "certificates.steps", "list-check", permission.NUMBER, 740
        ),
        NavigationItem(
            _CERTIFICATION, N_("Register of certificates"), "certificates.register", "award", permission.VIEW, 750
        ),
        NavigationItem(
            _CERTIFICATION,
            N_("Issuers and design"),
            "certificates.issuers",
            "file-earmark-richtext",
            permission.NUMBER,
            760,
        ),
    )
