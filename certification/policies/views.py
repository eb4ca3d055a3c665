"""Pages of award policies: the list, one policy in words with each clause and its source."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from accounts.people.queries import people
from certification.policies import actions, queries
from certification.policies.permissions import PolicyPermission
from foundation.clock import now
from foundation.permission import requires
from foundation.web import navigation
from foundation.web.access import actor

blueprint = Blueprint("policies", __name__)


@blueprint.get("/award-policies")
@requires(PolicyPermission.VIEW)
def policies() -> str:
    """Every policy version."""
    rows = queries.policy_versions()
    return render_template("certification/policies/policies.html", rows=[(row, queries.policy_of(row)) for row in rows])


@blueprint.get("/award-policies/<uuid:policy_version_id>")
@requires(PolicyPermission.VIEW)
def policy(policy_version_id: UUID) -> str:
    """One policy in words."""
    row = queries.policy_version(policy_version_id)
    navigation.enter(nav="policies.policies")
    by = people([row.in_force_by]).get(row.in_force_by) if row.in_force_by else None
    return render_template("certification/policies/policy.html", row=row, policy=queries.policy_of(row), by=by)


@blueprint.post("/award-policies/<uuid:policy_version_id>/in-force")
@requires(PolicyPermission.PUT_IN_FORCE)
def put_in_force(policy_version_id: UUID) -> Response:
    """Put a version in force."""
    actions.put_in_force(policy_version_id, actor=actor(), at=now())
    flash(_("The policy is in force."), "success")
    return redirect(url_for("policies.policy", policy_version_id=policy_version_id))
