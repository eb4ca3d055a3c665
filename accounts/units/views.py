"""Bodies and operators: each level makes those below it, prints slips, resets, hands over."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from accounts.access.roles import Role
from accounts.organizations.queries import organization_named
from accounts.units import actions, queries
from accounts.units.forms import AliasForm, OperatorForm, UnitForm
from accounts.units.permissions import UnitPermission
from foundation.clock import now
from foundation.permission import Scope, ScopeKind, can, requires, visible
from foundation.refusal import Refusal
from foundation.web import listing
from foundation.web.access import actor
from foundation.web.forms import refusals_on

blueprint = Blueprint("units", __name__)
_ORDERS = ("name", "region", "kind")
_OFFICER = "officer-"  # two forms with the same fields stand on one page


@blueprint.route("/units", methods=["GET", "POST"])
@requires(UnitPermission.MANAGE)
def units() -> Response | tuple[str, int]:
    """The bodies below the reader; make one more."""
    form = UnitForm()
    form.offer_choices()
    if form.validate_on_submit():
        with refusals_on(form):
            made = actions.found_unit(
                form.name.data, kind=form.kind.data, region_code=form.region_code.data or "",
                parent_id=_body_named(form.parent_name.data or ""), credit_code=form.credit_code.data or "", actor=actor(), at=now(),
            )  # fmt: skip
            flash(_("The body is made. Appoint its operator and hand over the slip."), "success")
            return redirect(url_for("units.unit" if _looks_after(made) else "units.units", organization_id=made))
    return _list(form, OperatorForm(prefix=_OFFICER, formdata=None))


def _list(form: UnitForm, officer: OperatorForm) -> tuple[str, int]:
    reach = visible(actor(), UnitPermission.MANAGE)
    asked = listing.asked(orders=_ORDERS, filters=())
    wanted = queries.units(reach, search=asked.search, order=asked.order, descending=asked.descending)
    page = listing.page_of(wanted, asked)
    html = render_template(
        "accounts/units/units.html", page=page, asked=asked, form=form, officer=officer, own=reach.units,
        above=queries.names({row.parent_id for row in page.rows if row.parent_id}), regions=reach.everywhere or bool(reach.regions),
        officers=queries.region_officers(reach, now()),
    )  # fmt: skip
    return html, 422 if request.method == "POST" else 200


@blueprint.post("/units/region-officers")
@requires(UnitPermission.MANAGE)
def appoint_region_officer() -> Response | str | tuple[str, int]:
    """Appoint an officer of a region below the reader's."""
    form = OperatorForm(prefix=_OFFICER)
    if form.validate():
        with refusals_on(form):
            password = actions.appoint_region_officer(
                form.region_code.data or "", form.name.data, form.user_name.data, actor=actor(), at=now()
            )
            return _done(password, form, form.region_code.data or "", "region_officer", url_for("units.units"))
    other = UnitForm(formdata=None)
    other.offer_choices()
    return _list(other, form)


@blueprint.route("/units/<uuid:organization_id>", methods=["GET", "POST"])
@requires(UnitPermission.MANAGE, of="organization_id")
def unit(organization_id: UUID) -> Response | str | tuple[str, int]:
    """One body below the reader: its operators, other names, the body above; appoint an operator."""
    form = OperatorForm()
    if form.validate_on_submit():
        with refusals_on(form):
            password = actions.appoint_operator(
                organization_id, form.name.data, form.user_name.data, actor=actor(), at=now()
            )
            home = url_for("units.unit", organization_id=organization_id)
            return _done(password, form, queries.unit(organization_id).name, "unit_operator", home)
    return _page(organization_id, form, AliasForm(formdata=None))


def _page(organization_id: UUID, form: OperatorForm, alias: AliasForm) -> tuple[str, int]:
    row = queries.unit(organization_id)
    above = queries.names([row.parent_id]).get(row.parent_id, "") if row.parent_id else ""
    if not alias.is_submitted():
        alias.parent_name.data = above
    html = render_template(
        "accounts/units/unit.html", row=row, form=form, alias=alias, above=above,
        operators=queries.operators(Scope(ScopeKind.UNIT, str(organization_id)), Role.UNIT_OPERATOR, now()),
    )  # fmt: skip
    return html, 422 if request.method == "POST" else 200


@blueprint.post("/units/<uuid:organization_id>/aliases")
@requires(UnitPermission.MANAGE, of="organization_id")
def add_alias(organization_id: UUID) -> Response | tuple[str, int]:
    """Note another name that rosters use."""
    form = AliasForm()
    if form.validate():
        with refusals_on(form):
            actions.add_alias(organization_id, form.alias.data, actor=actor(), at=now())
            flash(_("Saved."), "success")
            return redirect(url_for("units.unit", organization_id=organization_id))
    return _page(organization_id, OperatorForm(formdata=None), form)


@blueprint.post("/units/<uuid:organization_id>/aliases/remove")
@requires(UnitPermission.MANAGE, of="organization_id")
def remove_alias(organization_id: UUID) -> Response:
    """Take another name back."""
    actions.remove_alias(organization_id, request.form.get("alias", ""), actor=actor(), at=now())
    flash(_("Saved."), "success")
    return redirect(url_for("units.unit", organization_id=organization_id))


@blueprint.post("/units/<uuid:organization_id>/above")
@requires(UnitPermission.MANAGE, of="organization_id")
def put_below(organization_id: UUID) -> Response | tuple[str, int]:
    """Say which body stands above this one."""
    form, home = AliasForm(), ""
    with refusals_on(form):
        actions.put_below(organization_id, _body_named(form.parent_name.data or ""), actor=actor(), at=now())
        home = url_for(
            "units.unit" if _looks_after(organization_id) else "units.units", organization_id=organization_id
        )
    if home:
        flash(_("Saved."), "success")
        return redirect(home)
    return _page(organization_id, OperatorForm(formdata=None), form)


@blueprint.post("/operators/<uuid:grant_id>/reset")
@requires(UnitPermission.MANAGE)
def reset(grant_id: UUID) -> str:
    """A fresh first password, printed on a slip. The action limits itself to who is below the reader."""
    password = actions.reset_operator(grant_id, actor=actor(), at=now())
    row, where, home = _office(grant_id)
    return _slip(row.name, row.user_name, password, where, row.grant.role, home)


@blueprint.post("/operators/<uuid:grant_id>/dismiss")
@requires(UnitPermission.MANAGE)
def dismiss(grant_id: UUID) -> Response:
    """End an office."""
    _row, _where, home = _office(grant_id)
    actions.dismiss_operator(grant_id, reason=request.form.get("reason", ""), actor=actor(), at=now())
    flash(_("The office was ended; the reason stays on record."), "success")
    return redirect(home)


@blueprint.post("/operators/<uuid:grant_id>/hand-over")
@requires(UnitPermission.MANAGE)
def hand_over(grant_id: UUID) -> Response | str:
    """Another person in an office, with a new slip."""
    row, where, home = _office(grant_id)
    form = OperatorForm()
    password = actions.hand_over_operator(
        grant_id,
        form.name.data or "",
        form.user_name.data or "",
        reason=form.reason.data or "",
        actor=actor(),
        at=now(),
    )
    return _done(password, form, where, row.grant.role, home)


def _office(grant_id: UUID) -> tuple[queries.Operator, str, str]:
    found = queries.grant(grant_id)
    scope, role = Scope(ScopeKind(found.scope_kind), found.scope_key), Role(found.role)
    row = next(iter(one for one in queries.operators(scope, role, now()) if one.grant.id == grant_id), None)
    if scope.kind == ScopeKind.UNIT:
        key = UUID(scope.key)
        where, home = queries.unit(key).name, url_for("units.unit", organization_id=key)
    else:
        where, home = scope.key, url_for("units.units")
    return row or queries.Operator(found, "", ""), where, home


def _done(password: str, form: OperatorForm, where: str, role: str, home: str) -> Response | str:
    if password:
        return _slip(form.name.data or "", form.user_name.data or "", password, where, role, home)
    flash(_("Appointed."), "success")
    return redirect(home)


def _slip(name: str, user_name: str, password: str, where: str, role: str, home: str) -> str:
    address = f"{current_app.config['PUBLIC_URL']}{url_for('sign_in.sign_in')}"
    return render_template(
        "accounts/units/slip.html", name=name, user_name=user_name, password=password, where=where, role=role, home=home, address=address
    )  # fmt: skip


def _body_named(name: str) -> UUID | None:
    """The body of a name as typed. Raises Refusal unit_parent_wrong."""
    if not name.strip():
        return None
    found = organization_named(" ".join(name.split()))
    if found is None:
        raise Refusal("unit_parent_wrong", field="parent_name")
    return found.id


def _looks_after(organization_id: UUID) -> bool:
    return can(actor(), UnitPermission.MANAGE, queries.scopes_above(organization_id) or ())
