"""Photos in bulk: send an archive or many pictures, see whose they are, file them; take the photos on file out again."""

from __future__ import annotations

import io
import tempfile
import zipfile
from dataclasses import replace
from uuid import UUID

from flask import current_app, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from competitions.entries.actions import entering
from competitions.entries.actions import photos as actions
from competitions.entries.forms import key_of
from competitions.entries.permissions import EntryPermission
from competitions.entries.photo_forms import PhotoRuleForm, PhotosForm
from competitions.entries.queries import delegations
from competitions.entries.queries import photos as queries
from competitions.entries.views.room import blueprint, named
from competitions.programme import actions as programme_actions
from competitions.programme import queries as programme
from competitions.programme.permissions import ProgrammePermission
from competitions.rules.photo_names import masked_path
from foundation.clock import now
from foundation.files.queries import file_bytes
from foundation.permission import requires
from foundation.refusal import Refusal
from foundation.translation import sentence
from foundation.web import navigation
from foundation.web.access import actor
from foundation.web.forms import Form, refusals_on
from foundation.web.limits import limiter


@blueprint.route("/competitions/<uuid:competition_id>/photos", methods=["GET", "POST"])
@requires(EntryPermission.IMPORT, of="competition_id")
@limiter.limit("60/hour", methods=["POST"])
def photos(competition_id: UUID) -> Response | tuple[str, int]:
    """Photos of a whole competition."""
    return _send(competition_id, None)


@blueprint.route("/delegations/<uuid:delegation_id>/photos", methods=["GET", "POST"])
@requires(EntryPermission.IMPORT, of="delegation_id")
@limiter.limit("60/hour", methods=["POST"])
def own_photos(delegation_id: UUID) -> Response | tuple[str, int]:
    """Photos of one's own delegation."""
    return _send(delegations.delegation(delegation_id).competition_id, delegation_id)


def _send(
    competition_id: UUID, delegation_id: UUID | None, rule_form: PhotoRuleForm | None = None
) -> Response | tuple[str, int]:
    form = PhotosForm()
    if rule_form is None and form.validate_on_submit():
        with refusals_on(form):
            made = actions.send_photos(competition_id, _archive(), delegation_id=delegation_id, actor=actor(), at=now())
            return redirect(url_for("entries.photo_batch", photo_batch_id=made))
    everybody = {one.sitter.person_id: one.photo for one in queries.seen(competition_id, delegation_id)}
    _key, rules = programme.rule_set_in_force(competition_id)
    if rule_form is None:
        rule_form = PhotoRuleForm(formdata=None)
        rule_form.offer_choices()
        rule_form.show(rules.photo)
    navigation.enter(nav="entries.entries", competition_id=competition_id)
    page = render_template(
        "competitions/entries/photos.html", form=form, row=programme.competition(competition_id), named=named,
        delegation=delegations.delegation(delegation_id) if delegation_id else None, rule=rules.photo, rule_form=rule_form,
        before=queries.photo_batches(competition_id, delegation_id), people=len(everybody), there=sum(everybody.values()),
        megabytes=current_app.config["MAX_CONTENT_LENGTH"] // 1024 // 1024,
    )  # fmt: skip
    return page, 422 if request.method == "POST" else 200


def _archive() -> bytes:
    """What was sent: one archive as it is, or pictures put into one. Raises Refusal archive_missing."""
    found: list[tuple[str, bytes]] = [(one.filename or "", one.read()) for one in request.files.getlist("file")]
    found = [(name, data) for name, data in found if data]
    if not found:
        raise Refusal("archive_missing", field="file")
    if len(found) == 1 and not found[0][0].lower().endswith((".jpg", ".jpeg", ".png", ".webp")):
        return found[0][1]
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as packed:
        for name, data in found:
            packed.writestr(name.replace("\\", "/").rpartition("/")[2] or "photo", data)
    return target.getvalue()


@blueprint.post("/competitions/<uuid:competition_id>/photos/rule")
@requires(ProgrammePermission.EDIT, of="competition_id")
def photo_rule(competition_id: UUID) -> Response | tuple[str, int]:
    """Say what a photo must be; the next version of the competition's rules."""
    form = PhotoRuleForm()
    form.offer_choices()
    if form.validate():
        with refusals_on(form):
            latest = next(iter(programme.rule_set_versions(competition_id)), None)
            rules = replace(programme.rule_set_in_force(competition_id)[1], photo=form.rule())
            basis = latest.basis if latest else ""
            programme_actions.set_rules(competition_id, rules, basis=basis, actor=actor(), at=now())
            flash(_("The rules are in force."), "success")
            return redirect(url_for("entries.photos", competition_id=competition_id))
    return _send(competition_id, None, form)


@blueprint.get("/photos/<uuid:photo_batch_id>")
@requires(EntryPermission.IMPORT, of="photo_batch_id")
def photo_batch(photo_batch_id: UUID) -> str:
    """Whose each file is, and what became of it."""
    return _page(photo_batch_id, Form())


def _page(photo_batch_id: UUID, form: Form) -> str:
    row = queries.photo_batch(photo_batch_id)
    people = queries.seen(row.competition_id, row.delegation_id)
    by_person = {str(one.sitter.person_id): one for one in people}
    lines = [
        line | {"place": place, "shown": masked_path(line["path"])} for place, line in enumerate(queries.report_of(row))
    ]
    matched = {line["person"] for line in lines}
    navigation.enter(nav="entries.entries", competition_id=row.competition_id)
    return render_template(
        "competitions/entries/photo_batch.html", batch=row, form=form, people=by_person, lines=lines,
        free=[one for one in by_person.values() if str(one.sitter.person_id) not in matched],
        row=programme.competition(row.competition_id), named=named, said=lambda code, facts: sentence(code, **facts),
    )  # fmt: skip


@blueprint.post("/photos/<uuid:photo_batch_id>/assign")
@requires(EntryPermission.IMPORT, of="photo_batch_id")
def assign_photos(photo_batch_id: UUID) -> Response | tuple[str, int]:
    """Say whose the unmatched files are."""
    form = Form()
    if form.validate():
        with refusals_on(form):
            given = {
                int(name[1:]): person
                for name, value in request.form.items()
                if name[0] == "p" and name[1:].isdigit() and (person := key_of(value))
            }
            actions.assign_photos(photo_batch_id, given, actor=actor(), at=now())
            flash(_("Assigned."), "success")
            return redirect(url_for("entries.photo_batch", photo_batch_id=photo_batch_id))
    return _page(photo_batch_id, form), 422


@blueprint.post("/photos/<uuid:photo_batch_id>/accept")
@requires(EntryPermission.IMPORT, of="photo_batch_id")
def accept_photos(photo_batch_id: UUID) -> Response | tuple[str, int]:
    """File the matched photos."""
    form = Form()
    if form.validate():
        with refusals_on(form):
            again = request.form.get("replace") == "yes"
            job = actions.accept_photos(photo_batch_id, replace=again, actor=actor(), at=now())
            back = url_for("entries.photo_batch", photo_batch_id=photo_batch_id)
            return redirect(url_for("web.job", job_id=job, back=back) if job else back)
    return _page(photo_batch_id, form), 422


@blueprint.post("/photos/<uuid:photo_batch_id>/discard")
@requires(EntryPermission.IMPORT, of="photo_batch_id")
def discard_photos(photo_batch_id: UUID) -> Response:
    """Put an archive aside."""
    row = queries.photo_batch(photo_batch_id)
    actions.discard_photos(photo_batch_id, actor=actor(), at=now())
    flash(_("The archive was put aside and erased."), "success")
    if row.delegation_id is not None:
        return redirect(url_for("entries.own_photos", delegation_id=row.delegation_id))
    return redirect(url_for("entries.photos", competition_id=row.competition_id))


@blueprint.get("/competitions/<uuid:competition_id>/photos.zip")
@requires(EntryPermission.EXPORT, of="competition_id")
def photos_out(competition_id: UUID) -> Response:
    """The photos on file, of one event or all; no file name carries an identity number."""
    return _out(competition_id, None, programme.competition(competition_id).name_zh)


@blueprint.get("/delegations/<uuid:delegation_id>/photos.zip")
@requires(EntryPermission.LEAD, of="delegation_id")
def own_photos_out(delegation_id: UUID) -> Response:
    """The photos of one's own delegation."""
    row = delegations.delegation(delegation_id)
    return _out(row.competition_id, delegation_id, row.name)


def _out(competition_id: UUID, delegation_id: UUID | None, name: str) -> Response:
    found = list(queries.photos_on_file(competition_id, delegation_id, request.args.get("event", "")))
    if not found:
        raise Refusal("photos_none")
    entering.note_export(competition_id, count=len(found), revealed=False, actor=actor(), at=now())
    target = tempfile.SpooledTemporaryFile(max_size=8 * 1024 * 1024)  # noqa: SIM115 - closed with the response that sends it
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as packed:
        for file_name, photo in found:
            packed.writestr(file_name, file_bytes(photo))
    target.seek(0)
    archive = f"{name}-{_('Photos')}.zip"
    answer = send_file(target, mimetype="application/zip", as_attachment=True, download_name=archive)
    answer.call_on_close(target.close)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
