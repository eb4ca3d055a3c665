"""The composition root: the only module that knows everything."""

from __future__ import annotations

from flask import Flask, redirect, render_template, url_for
from werkzeug.wrappers import Response

import accounts.wiring
import catalogue.wiring
import certification.wiring
import competitions.wiring
import config
import foundation.web.wiring
from accounts.sign_in.recognition import shell
from certification.certificates.permissions import CertificatePermission
from certification.promotion.permissions import PromotionPermission
from competitions.entries.permissions import EntryPermission
from competitions.marking.permissions import MarkingPermission
from competitions.programme import queries as programme
from competitions.programme.permissions import ProgrammePermission
from demo.commands import demo, prepare
from foundation.permission import SIGNED_IN, public, requires, visible
from foundation.web.access import actor, assert_declared


def create_app(overrides: dict[str, str] | None = None) -> Flask:
    """The application, from the environment and `overrides` (names and texts as in `config.SETTINGS`)."""
    app = Flask("laurel", root_path=str(config.ROOT))
    app.config |= config.flask_config(config.from_environment(overrides))
    foundation.web.wiring.register(app)
    catalogue.wiring.register(app)
    accounts.wiring.register(app)
    competitions.wiring.register(app)
    certification.wiring.register(app)
    app.add_url_rule("/", "front", front)
    app.add_url_rule("/home", "home", home)
    app.cli.add_command(demo)
    app.cli.add_command(prepare)
    assert_declared(app)
    return app


@public
def front() -> str:
    """The public's first page: what is announced, running or over."""
    return render_template("front.html", competitions=programme.public_competitions())


@requires(SIGNED_IN)
def home() -> Response:
    """Where each kind of person begins."""
    begins = {
        "layouts/organizer.html": (
            ("programme.competitions", ProgrammePermission.VIEW), ("promotion.award_lists", PromotionPermission.VIEW),
            ("certificate_register.register", CertificatePermission.VIEW), ("delegations.mine", EntryPermission.OWN_DELEGATIONS),
            ("marking.seats", MarkingPermission.MARK), ("judge.hall", SIGNED_IN),
        ),
        "layouts/judge.html": (("marking.seats", MarkingPermission.MARK), ("judge.hall", SIGNED_IN)),
        "layouts/candidate.html": (("entries.my", SIGNED_IN),),
    }  # fmt: skip
    for endpoint, permission in begins.get(shell(), ()):
        if permission == SIGNED_IN or visible(actor(), permission).anywhere:
            return redirect(url_for(endpoint))
    return redirect("/")
