"""Joins the rooms of this package to an application; nothing else."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Flask

from accounts.access import roles
from certification.certificates import columns as certificate_columns
from certification.certificates import commands as certificate_commands
from certification.certificates import jobs as certificate_jobs
from certification.certificates import permissions as certificate_permissions
from certification.certificates import sentences as certificate_sentences
from certification.certificates import signing
from certification.certificates.permissions import CertificatePermission
from certification.certificates.queries import batches as certificate_batches
from certification.certificates.queries import life as certificate_life
from certification.certificates.queries import register as certificates
from certification.certificates.queries import reports as certificate_reports
from certification.certificates.views import awards as award_views
from certification.certificates.views import batches as batch_views
from certification.certificates.views import designs as design_views
from certification.certificates.views import holder as holder_views
from certification.certificates.views import keys as key_views
from certification.certificates.views import life as life_views
from certification.certificates.views import officer as officer_views
from certification.certificates.views import ranges as range_views
from certification.certificates.views import register as register_views
from certification.certificates.views import reports as report_views
from certification.filings import permissions as filing_permissions
from certification.filings import queries as filings
from certification.filings import sentences as filing_sentences
from certification.filings import views as filing_views
from certification.filings.permissions import FilingPermission
from certification.policies import permissions as policy_permissions
from certification.policies import sentences as policy_sentences
from certification.policies import views as policy_views
from certification.policies.commands import policies
from certification.policies.permissions import PolicyPermission
from certification.promotion import actions as promotion
from certification.promotion import board
from certification.promotion import permissions as promotion_permissions
from certification.promotion import queries as award_lists
from certification.promotion import sentences as promotion_sentences
from certification.promotion import views as promotion_views
from certification.promotion.permissions import PromotionPermission
from certification.records import sentences as record_sentences
from certification.records import views as record_views
from certification.verification import commands as verification_commands
from certification.verification import sentences as verification_sentences
from certification.verification.views import public as verification_views
from certification.verification.views import published as published_views
from competitions.published import results_superseded
from foundation import translation
from foundation.clock import now
from foundation.jobs import kinds
from foundation.permission import MACHINE, register_scope
from foundation.print import designs, packs, seals
from foundation.translation import N_
from foundation.web import cards, columns, navigation
from foundation.web.navigation import NavigationItem

_CERTIFICATION = N_("Certification")
_SENTENCES = (
    filing_sentences, policy_sentences, promotion_sentences, certificate_sentences, verification_sentences, record_sentences,
)  # fmt: skip
_PERMISSIONS = (filing_permissions, policy_permissions, promotion_permissions, certificate_permissions)
_SCOPES = {
    "evaluation_organization_id": filings.issuer_scopes,
    "award_list_id": award_lists.award_list_scopes,
    "certificate_id": certificates.certificate_scopes,
    "batch_id": certificate_batches.batch_scopes,
    "report_id": certificate_reports.report_scopes,
}
_VIEWS = (
    filing_views, policy_views, promotion_views, officer_views, register_views, batch_views, range_views, report_views, key_views, design_views, award_views, holder_views, life_views, verification_views, published_views, record_views,
)  # fmt: skip


def register(app: Flask) -> None:
    """Blueprints, commands, jobs, sentences, permissions, scopes, cards, signals, navigation."""
    for sentences in _SENTENCES:
        translation.register(sentences.SENTENCES)
    for permissions in _PERMISSIONS:
        roles.register(permissions.ROLES)
    for argument, loader in _SCOPES.items():
        register_scope(argument, loader)
    for views in _VIEWS:
        app.register_blueprint(views.blueprint)
    app.cli.add_command(policies)
    app.cli.add_command(verification_commands.verify)
    app.cli.add_command(certificate_commands.certificates)
    signing.install_pin(app.config["LAUREL_PKCS11_PIN"])
    for kind in certificate_jobs.KINDS:
        kinds.register(kind)
    columns.register(certificate_columns.NAMES, certificate_columns.of_certificates)
    cards.register(board.award_cards)
    cards.register(certificates.waiting_cards)
    cards.register(certificate_life.waiting_changes)
    results_superseded.connect(_superseded)
    designs.install_fonts(app.config["DATA_FOLDER"] / "fonts")
    seal_url = app.config["LAUREL_SEAL_SERVICE_URL"]
    seals.install(seals.HttpSealService(seal_url, app.config["LAUREL_SEAL_SERVICE_TOKEN"]) if seal_url else None)
    packs.install(app.config["DATA_FOLDER"] / "designs")
    app.jinja_env.globals["endpoints"] = app.view_functions  # a layout offers what is there
    _register_navigation()


def _superseded(_sender: Any, *, publication_id: UUID, superseded_by: UUID, **_more: Any) -> None:
    """A publication was replaced: its award lists end or are flagged."""
    promotion.supersede(publication_id, superseded_by, actor=MACHINE, at=now())


def _register_navigation() -> None:
    navigation.register(
        NavigationItem(
            _CERTIFICATION, N_("Award lists of the competition"), "promotion.of_competition", "award",
            PromotionPermission.VIEW, 600, of="competition_id",
        ),
        NavigationItem(_CERTIFICATION, N_("All award lists"), "promotion.award_lists", "list-check", PromotionPermission.VIEW, 610),
        NavigationItem(_CERTIFICATION, N_("Award policies"), "policies.policies", "journal-text", PolicyPermission.VIEW, 620),
        NavigationItem(_CERTIFICATION, N_("Evaluation organizations"), "filings.issuers", "building", FilingPermission.VIEW, 630),
        NavigationItem(_CERTIFICATION, N_("Number, report, issue"), "certificates.steps", "123", CertificatePermission.NUMBER, 740),
        NavigationItem(_CERTIFICATION, N_("Batches of certificates"), "certificate_batches.batches", "stack", CertificatePermission.ISSUE, 745),
        NavigationItem(_CERTIFICATION, N_("Register of certificates"), "certificate_register.register", "patch-check", CertificatePermission.VIEW, 750),
        NavigationItem(_CERTIFICATION, N_("Requests about certificates"), "certificate_life.changes", "arrow-left-right", CertificatePermission.DECIDE, 755),
        NavigationItem(
            _CERTIFICATION, N_("Issuers and design"), "certificates.issuers", "file-earmark-richtext", CertificatePermission.NUMBER, 760
        ),
    )  # fmt: skip
