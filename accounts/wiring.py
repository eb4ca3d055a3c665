"""Joins the rooms of this package to an application; nothing else."""

from __future__ import annotations

from flask import Flask

from accounts.access import roles
from accounts.access import sentences as access_sentences
from accounts.access.authority import Grants
from accounts.offices import permissions as office_permissions
from accounts.offices import sentences as office_sentences
from accounts.offices import views as office_views
from accounts.offices.permissions import OfficePermission
from accounts.organizations import sentences as organization_sentences
from accounts.people import sentences as people_sentences
from accounts.people.actions import note_language
from accounts.sign_in import recognition
from accounts.sign_in import sentences as sign_in_sentences
from accounts.sign_in import views as sign_in_views
from accounts.units import permissions as unit_permissions
from accounts.units import queries as units
from accounts.units import sentences as unit_sentences
from accounts.units import views as unit_views
from accounts.units.permissions import UnitPermission
from foundation import translation
from foundation.permission import install_authority, register_scope
from foundation.translation import N_
from foundation.web import navigation
from foundation.web.access import register_authenticator
from foundation.web.language import on_choice
from foundation.web.navigation import NavigationItem


def register(app: Flask) -> None:
    """Blueprints, sentences, the authority, recognition of sessions, navigation."""
    for module in (
        access_sentences,
        organization_sentences,
        people_sentences,
        sign_in_sentences,
        office_sentences,
        unit_sentences,
    ):
        translation.register(module.SENTENCES)
    install_authority(Grants())
    recognition.init_app(app)
    on_choice(note_language)
    register_authenticator(recognition.recognise_device)
    register_authenticator(recognition.recognise)
    roles.register(office_permissions.ROLES)
    roles.register(unit_permissions.ROLES)
    register_scope("organization_id", units.scopes_above)
    app.register_blueprint(sign_in_views.blueprint)
    app.register_blueprint(office_views.blueprint)
    app.register_blueprint(unit_views.blueprint)
    navigation.register(
        NavigationItem(
            N_("Management"), N_("Units and operators"), "units.units", "building", UnitPermission.MANAGE, 882
        )
    )
    navigation.register(
        NavigationItem(
            N_("Management"),
            N_("People of the platform"),
            "offices.people",
            "person-gear",
            OfficePermission.APPOINT,
            880,
        )
    )
