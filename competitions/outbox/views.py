"""The outbox: read what waits, edit it, send it, print it, copy it; see who read it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from werkzeug.wrappers import Response
from wtforms import SelectField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from accounts.people.queries import person
from competitions.outbox import actions, queries
from competitions.outbox.permissions import OutboxPermission
from competitions.programme import queries as programme
from foundation.clock import now
from foundation.messages import sms
from foundation.messages.models import Channel, MessageState
from foundation.messages.queries import holds_all, text_of
from foundation.permission import Actor, Scope, ScopeKind, can, requires
from foundation.print import printer
from foundation.refusal import Refusal
from foundation.translation import reading, sentence
from foundation.web import language, listing, navigation
from foundation.web.access import actor
from foundation.web.cards import Card, CardKind
from foundation.web.downloads import send_bytes
from foundation.web.forms import Form, refusals_on
from foundation.web.showing import show_code

blueprint = Blueprint("outbox", __name__)
_FILTERS = ("state", "code", "receipt")


class WriteForm(Form):
    """What to write and to whom."""

    kind = SelectField(lazy_gettext("What to write"), [DataRequired()])
    text = TextAreaField(lazy_gettext("Own text"), [Optional(), Length(max=500)])


class EditForm(Form):
    """Another text."""

    text = TextAreaField(lazy_gettext("Message text"), [Optional(), Length(max=500)])


def named(row: object) -> str:
    """The name of a competition for the reader."""
    english: str = getattr(row, "name_en", "") if language.chosen() == "en" else ""
    return english or getattr(row, "name_zh", "")


@blueprint.get("/competitions/<uuid:competition_id>/outbox")
@requires(OutboxPermission.MANAGE, of="competition_id")
def outbox(competition_id: UUID) -> str:
    """Every message of a competition: what waits first, then what was sent and how it was received."""
    asked = listing.asked(orders=queries.ORDERS, filters=_FILTERS)
    wanted = queries.outbox(
        competition_id, search=asked.search, order=asked.order, descending=asked.descending, **asked.filters
    )
    page = listing.page_of(wanted, asked)
    navigation.enter(competition_id=competition_id)
    return render_template(
        "competitions/outbox/outbox.html", row=programme.competition(competition_id), page=page, asked=asked, named=named,
        counts=queries.counts(competition_id), codes=queries.codes(competition_id), text_of=text_of, receipts=queries.receipts,
        readers=queries.with_account([person_.id for _message, person_ in page.rows]), holding=holds_all(competition_id),
        sms_on=sms.switched_on(), states=list(MessageState),
    )  # fmt: skip


@blueprint.post("/competitions/<uuid:competition_id>/outbox")
@requires(OutboxPermission.MANAGE, of="competition_id")
def act(competition_id: UUID) -> Response | str:
    """Send, drop, print or copy what was chosen; `all` means everything that waits."""
    keys, wish = _keys(competition_id), request.form.get("wish", "")
    back = redirect(url_for("outbox.outbox", competition_id=competition_id))
    try:
        if wish in ("slips", "group"):
            channel = Channel.SLIP if wish == "slips" else Channel.GROUP
            handed = actions.hand_over(competition_id, keys, channel, actor=actor(), at=now())
            return _slips(competition_id, handed) if wish == "slips" else _group(competition_id, handed)
        if wish == "drop":
            count = actions.drop(competition_id, keys, actor=actor(), at=now())
            flash(ngettext("%(num)s message dropped.", "%(num)s messages dropped.", count), "success")
        else:
            count = actions.release(competition_id, keys, by_sms=wish == "sms", actor=actor(), at=now())
            flash(ngettext("%(num)s message sent.", "%(num)s messages sent.", count), "success")
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        flash(sentence(refusal.code, **refusal.facts), "warning")
    return back


def _keys(competition_id: UUID) -> list[UUID]:
    if request.form.get("all"):
        return queries.waiting(competition_id)
    found = []
    for text in request.form.getlist("message"):
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _slips(competition_id: UUID, keys: Sequence[UUID]) -> Response:
    """One slip a message, in its recipient's language, many a page."""
    rows = queries.chosen(competition_id, keys)
    slips = []
    for row, whose in rows:
        with reading(row.language):
            slips.append((whose.name_zh, text_of(row)))
    html = render_template(
        "competitions/outbox/slips.html", slips=slips, row=programme.competition(competition_id), named=named,
        address=current_app.config["PUBLIC_URL"],
    )  # fmt: skip
    return send_bytes(
        printer.print_html(html).data, media_type="application/pdf", name=f"{_('Message slips')}.pdf", inline=True
    )


def _group(competition_id: UUID, keys: Sequence[UUID]) -> str:
    """The chosen messages as one text for a chat group; the same text to many is written once."""
    lines: dict[str, list[str]] = {}
    for row, whose in queries.chosen(competition_id, keys):
        with reading(row.language):
            lines.setdefault(text_of(row), []).append(whose.name_zh)
    text = "\n\n".join(f"{'、'.join(names)}：\n{line}" for line, names in lines.items())
    navigation.enter(nav="outbox.outbox", competition_id=competition_id)
    return render_template(
        "competitions/outbox/group.html", row=programme.competition(competition_id), text=text, named=named
    )


@blueprint.route("/competitions/<uuid:competition_id>/outbox/new", methods=["GET", "POST"])
@requires(OutboxPermission.MANAGE, of="competition_id")
def write(competition_id: UUID) -> Response | tuple[str, int]:
    """Write to everybody a kind concerns; nothing leaves before it was read."""
    form = WriteForm()
    form.kind.choices = [(kind, show_code(kind, "outbox_kind")) for kind in actions.KINDS]
    if request.method == "GET" and request.args.get("kind") in actions.KINDS:
        form.kind.data = request.args["kind"]
    if form.validate_on_submit():
        with refusals_on(form):
            public = current_app.config["PUBLIC_URL"]
            count = actions.write_messages(
                competition_id, form.kind.data, text=form.text.data or "", claim_address=f"{public}/claim",
                publication_address=f"{public}/publications/{{}}", actor=actor(), at=now(),
            )  # fmt: skip
            flash(
                ngettext("%(num)s message waits in the outbox.", "%(num)s messages wait in the outbox.", count),
                "success",
            )
            return redirect(url_for("outbox.outbox", competition_id=competition_id, state="held"))
    navigation.enter(nav="outbox.outbox", competition_id=competition_id)
    page = render_template(
        "competitions/outbox/write.html", form=form, row=programme.competition(competition_id), named=named
    )
    return page, 422 if form.errors or form.form_errors else 200


@blueprint.route("/messages/<uuid:message_id>/edit", methods=["GET", "POST"])
@requires(OutboxPermission.MANAGE, of="message_id")
def edit(message_id: UUID) -> Response | tuple[str, int]:
    """One message that waits: its text in the recipient's language."""
    row = queries.message(message_id)
    form = EditForm()
    if form.validate_on_submit():
        with refusals_on(form):
            actions.edit(message_id, form.text.data or "", actor=actor(), at=now())
            flash(_("Saved."), "success")
            return redirect(url_for("outbox.outbox", competition_id=row.scope_id, state="held"))
    elif request.method == "GET":
        with reading(row.language):
            form.text.data = text_of(row)
    if row.scope_id is not None:
        navigation.enter(nav="outbox.outbox", competition_id=row.scope_id)
    page = render_template("competitions/outbox/edit.html", form=form, message=row, whose=person(row.recipient_id))
    return page, 422 if form.errors or form.form_errors else 200


@blueprint.post("/competitions/<uuid:competition_id>/outbox/hold")
@requires(OutboxPermission.MANAGE, of="competition_id")
def hold(competition_id: UUID) -> Response:
    """Hold every message, or send each at once again."""
    actions.hold_everything(competition_id, request.form.get("holds") == "yes", actor=actor(), at=now())
    flash(_("Saved."), "success")
    return redirect(url_for("outbox.outbox", competition_id=competition_id))


def cards(reader: Actor, scope: Scope, at: datetime) -> Sequence[Card]:
    """For the organizer's board: messages that wait, and a deadline that is near."""
    if scope.kind != ScopeKind.COMPETITION:
        return ()
    key = UUID(scope.key)
    if not can(reader, OutboxPermission.MANAGE, programme.competition_scopes(key) or ()):
        return ()
    made, page = [], f"/competitions/{key}/outbox"
    waiting, closes, drafts = queries.urgent(key)
    if waiting:
        facts = {"count": waiting}
        made.append(Card(CardKind.NEXT_STEP, "card:outbox_waits", facts, f"{page}?state=held", "card:open_outbox", 42))
    if closes is not None and at < closes <= at + timedelta(days=3) and drafts:
        near = {"deadline": closes, "count": drafts}
        made.append(
            Card(
                CardKind.NEXT_STEP,
                "card:deadline_near",
                near,
                f"{page}/new?kind=deadline",
                "card:remind",
                43,
                due=closes,
            )
        )
    return made
