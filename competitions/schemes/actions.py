"""Bringing marking schemes in, replacing them while nobody has marked, freezing them at the first mark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from competitions.programme.models import Event
from competitions.programme.queries import audit_chain
from competitions.rules import lifecycle
from competitions.rules.scheme import AspectDraft, Finding, SchemeDraft, check_scheme, mark_text, totals
from competitions.rules.scheme_changes import Change, changes
from competitions.rules.scoring.aspects import METHODS, AspectKind, raw_text
from competitions.schemes import queries
from competitions.schemes.content import content_hash
from competitions.schemes.models import Aspect, Criterion, MarkingScheme, SchemeState, SubCriterion
from competitions.schemes.workbooks import Checked, checked_workbook
from foundation.audit.chain import record
from foundation.clock import new_id
from foundation.db import transaction
from foundation.files.actions import keep_file
from foundation.files.queries import file_bytes, file_row
from foundation.permission import Actor
from foundation.refusal import Conflict, Missing, Refusal
from foundation.spreadsheets.writing import MEDIA_TYPE


class SchemeProblems(Refusal):
    """A workbook was read and is not a scheme that may be used. `findings` says everything; nothing was stored."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("scheme_has_errors", field="file", errors=sum(finding.is_error for finding in findings))
        self.findings = tuple(findings)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A workbook that may replace the version in force: what it would change, and where it is kept until confirmed."""

    file_id: UUID
    checked: Checked
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class AspectFacts:
    """What an organizer may change of one aspect. Its kind follows from the method."""

    name_zh: str
    method: str
    max_mark: Fraction | None
    name_en: str = ""
    guidance: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    descriptors: tuple[str, ...] = ()
    section: str = ""


def import_scheme(event_id: UUID, data: bytes, *, name: str, actor: Actor, at: datetime) -> UUID:
    """Read, check and store a workbook as the next version; it takes the place of the one in force. Returns its id.

    The same content again stores nothing and answers the version in force. Raises SchemeProblems with all findings, what
    `read_workbook` raises, Missing, Conflict scheme_frozen.
    """
    checked = _usable(data)
    _refuse_frozen(event_id)
    held = queries.scheme_in_force(event_id)
    if held is not None and held.content_hash == content_hash(checked.draft):
        return held.id
    file_id = keep_file(data, media_type=MEDIA_TYPE, name=name, actor=actor, at=at)
    return _store(event_id, checked.draft, source_file_id=file_id, actor=actor, at=at)


def propose_scheme(event_id: UUID, data: bytes, *, name: str, actor: Actor, at: datetime) -> Proposal:
    """Check a workbook and say what it would change of the version in force, without replacing it. Keeps the file.

    Raises what `import_scheme` raises.
    """
    checked = _usable(data)
    _refuse_frozen(event_id)
    held = queries.scheme_in_force(event_id)
    found = changes(queries.draft_of(held), checked.draft) if held is not None else []
    file_id = keep_file(data, media_type=MEDIA_TYPE, name=name, actor=actor, at=at)
    return Proposal(file_id, checked, tuple(found))


def confirm_proposal(event_id: UUID, file_id: UUID, *, actor: Actor, at: datetime) -> UUID:
    """Import the workbook a proposal kept. Only who sent it may confirm it: others get Missing."""
    if file_row(file_id).created_by != actor.person:
        raise Missing
    checked = _usable(file_bytes(file_id))
    return _store(event_id, checked.draft, source_file_id=file_id, actor=actor, at=at)


def edit_aspect(
    event_id: UUID, aspect_id: UUID, facts: AspectFacts, *, balance_id: UUID | None = None, actor: Actor, at: datetime
) -> UUID:
    """Change one aspect of the version in force, as a new version. `balance_id` names the aspect that takes the difference
    in marks, so that the scheme still sums to 100. Returns the new version's id.

    Raises Missing, Conflict scheme_frozen, Refusal balance_itself, balance_impossible, SchemeProblems.
    """
    _refuse_frozen(event_id)
    held = queries.scheme_in_force(event_id)
    rows = {} if held is None else _aspects(held)
    if held is None or aspect_id not in rows or (balance_id is not None and balance_id not in rows):
        raise Missing
    if balance_id == aspect_id:
        raise Refusal("balance_itself", field="balance")
    kind = METHODS.get(facts.method, AspectKind.MEASUREMENT)
    code = rows[aspect_id].code
    before = queries.aspect_draft(rows[aspect_id])
    deducts = kind == AspectKind.DEDUCTION
    after = AspectDraft(
        code, kind.value, facts.method, None if deducts else facts.max_mark, facts.name_zh, facts.name_en, facts.guidance,
        facts.options, facts.descriptors, facts.section,
    )  # fmt: skip
    replaced = {code: after}
    if balance_id is not None:
        other = queries.aspect_draft(rows[balance_id])
        left = other.counted + before.counted - after.counted
        if other.kind == AspectKind.DEDUCTION or left <= 0:
            raise Refusal("balance_impossible", field="balance", aspect=other.code, left=mark_text(left))
        replaced[other.code] = replace(other, max_mark=left)
    draft = _replaced(queries.draft_of(held), replaced)
    findings = check_scheme(draft)
    if any(finding.is_error for finding in findings):
        raise SchemeProblems(findings)
    return _store(event_id, draft, source_file_id=held.source_file_id, actor=actor, at=at, expected=held.id)


def freeze_scheme(scheme_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Freeze a version at the first mark; from then on it is never replaced. Repeating it does nothing.

    Raises Missing; Conflict move_not_allowed for a version that is no longer in force.
    """
    with transaction() as writing:
        row = writing.get(MarkingScheme, scheme_id, with_for_update=True, populate_existing=True)
        if row is None:
            raise Missing
        if row.state == SchemeState.FROZEN:
            return
        row.state, row.frozen_at = lifecycle.SCHEME.advance(row.state, "freeze"), at
        event = writing.get_one(Event, row.event_id)
        record(
            actor, "scheme:frozen", "marking_scheme", row.id, at=at, chain=audit_chain(event.competition_id),
            event=row.event_id, number=row.number, content=row.content_hash,
        )  # fmt: skip


def _usable(data: bytes) -> Checked:
    checked = checked_workbook(data)
    if checked.errors:
        raise SchemeProblems(checked.findings)
    return checked


def _refuse_frozen(event_id: UUID) -> None:
    """Say so early; the same is asked again under the lock."""
    held = queries.scheme_in_force(event_id)
    if held is not None and held.state == SchemeState.FROZEN:
        raise Conflict("scheme_frozen", field="file", number=held.number, when=held.frozen_at)


def _aspects(scheme: MarkingScheme) -> dict[UUID, Aspect]:
    return {
        aspect.id: aspect
        for criterion in scheme.criteria
        for sub in criterion.sub_criteria
        for aspect in sub.aspects
    }  # fmt: skip


def _replaced(draft: SchemeDraft, aspects: Mapping[str, AspectDraft]) -> SchemeDraft:
    criteria = []
    for criterion in draft.criteria:
        subs = tuple(
            replace(sub, aspects=tuple(aspects.get(aspect.code, aspect) for aspect in sub.aspects))
            for sub in criterion.sub_criteria
        )
        changed = replace(criterion, sub_criteria=subs)
        criteria.append(replace(changed, declared=changed.total))
    return replace(draft, criteria=tuple(criteria))


def _store(
    event_id: UUID, draft: SchemeDraft, *, source_file_id: UUID | None, actor: Actor, at: datetime,
    expected: UUID | None = None,
) -> UUID:  # fmt: skip
    scheme_id, content, sums = new_id(), content_hash(draft), totals(draft)
    criteria, subs, aspects = _rows(scheme_id, draft)
    with transaction() as writing:
        event = writing.get(Event, event_id, with_for_update=True)
        if event is None:
            raise Missing
        held = _held(writing, event_id)
        if held is not None:
            if held.state == SchemeState.FROZEN:
                raise Conflict("scheme_frozen", field="file", number=held.number, when=held.frozen_at)
            if held.content_hash == content:
                return held.id
            if expected is not None and held.id != expected:
                raise Conflict("scheme_moved_on", number=held.number, when=held.created_at)
            held.state = lifecycle.SCHEME.advance(held.state, "supersede")
        newest = select(func.max(MarkingScheme.number)).where(MarkingScheme.event_id == event_id)
        number = 1 + (writing.scalar(newest) or 0)
        scheme = MarkingScheme(
            id=scheme_id, event_id=event_id, number=number, state=lifecycle.SCHEME.start, title=draft.title,
            total=sums.total, sections=_sections(draft), source_file_id=source_file_id, content_hash=content,
            created_by=actor.person, created_at=at,
        )  # fmt: skip
        writing.add(scheme)
        writing.flush()
        for table, rows in ((Criterion, criteria), (SubCriterion, subs), (Aspect, aspects)):
            writing.execute(insert(table), rows)
        record(
            actor, "scheme:imported", "marking_scheme", scheme_id, at=at, chain=audit_chain(event.competition_id),
            event=event_id, number=number, aspects=len(aspects), total=mark_text(sums.total), content=content,
        )  # fmt: skip
    return scheme_id


def _held(writing: Session, event_id: UUID) -> MarkingScheme | None:
    wanted = select(MarkingScheme).where(
        MarkingScheme.event_id == event_id, MarkingScheme.state.in_((SchemeState.IN_FORCE, SchemeState.FROZEN))
    )
    return writing.scalars(wanted.with_for_update()).first()


def _sections(draft: SchemeDraft) -> list[dict[str, Any]]:
    return [
        {"code": each.code, "name": each.name, "max_mark": "" if each.declared is None else raw_text(each.declared)}
        for each in draft.sections
    ]


def _rows(
    scheme_id: UUID, draft: SchemeDraft
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    criteria, subs, aspects = [], [], []
    for place, criterion in enumerate(draft.criteria):
        criterion_id = new_id()
        criteria.append(
            {"id": criterion_id, "scheme_id": scheme_id, "code": criterion.code, "name_zh": criterion.name_zh,
             "name_en": criterion.name_en, "position": place}
        )  # fmt: skip
        for sub_place, sub in enumerate(criterion.sub_criteria):
            sub_id = new_id()
            subs.append(
                {"id": sub_id, "criterion_id": criterion_id, "code": sub.code, "name_zh": sub.name_zh,
                 "name_en": sub.name_en, "day": sub.day, "position": sub_place}
            )  # fmt: skip
            for aspect_place, aspect in enumerate(sub.aspects):
                aspects.append(
                    {"id": new_id(), "scheme_id": scheme_id, "sub_criterion_id": sub_id, "code": aspect.code,
                     "kind": aspect.kind, "method": aspect.method, "options": dict(aspect.options),
                     "max_mark": aspect.counted, "name_zh": aspect.name_zh, "name_en": aspect.name_en,
                     "guidance": aspect.guidance, "descriptors": list(aspect.descriptors), "section": aspect.section,
                     "position": aspect_place}
                )  # fmt: skip
    return criteria, subs, aspects
