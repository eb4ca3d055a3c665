"""Photos in bulk: sending an archive, saying whose the unmatched ones are, filing them.

As with rosters nobody learns whether a stranger is registered: files are compared with the sender's own people alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from accounts.people.actions import PersonFacts, note_person
from accounts.people.identity import identity_index
from accounts.people.queries import person
from competitions.entries.models.photos import PhotoBatch
from competitions.entries.queries import photos as queries
from competitions.programme import queries as programme
from competitions.rules.photo_names import match_photo
from foundation.audit.chain import record
from foundation.clock import new_id
from foundation.db import transaction
from foundation.encryption.personal import Personal
from foundation.files.actions import erase_file, keep_file
from foundation.files.archives import paths_in, unpacked
from foundation.files.pictures import prepared_photo
from foundation.files.queries import file_bytes
from foundation.jobs.actions import order_job
from foundation.permission import Actor
from foundation.refusal import Conflict, Missing, Refusal

JOB = "entries:file_photos"
AT_ONCE = 20
"""Photos filed while the sender waits, and photos of one transaction."""
_KIND = "resident_identity_card"


def send_photos(
    competition_id: UUID, data: bytes, *, delegation_id: UUID | None = None, actor: Actor, at: datetime
) -> UUID:
    """Take an archive in and say whose each file is, by its name; nothing is filed yet. Returns its id.

    Raises Missing, Refusal archive_empty and those of `paths_in`.
    """
    programme.competition(competition_id)
    paths = paths_in(data)
    if not paths:
        raise Refusal("archive_empty", field="file")
    people = queries.seen(competition_id, delegation_id)
    sitters = [one.sitter for one in people]
    owners = {one.index: one.sitter.person_id for one in people if one.index}
    report: list[dict[str, Any]] = []
    taken: dict[UUID, str] = {}
    for path in paths:
        found = match_photo(path, sitters, lambda number: owners.get(identity_index(_KIND, number)))
        line: dict[str, Any] = {
            "path": path,
            "person": None,
            "how": found.how,
            "why": found.why,
            "state": "waits",
            "concerns": [],
        }
        if found.person_id is not None and found.person_id in taken:
            line["why"] = "photo_twice"
        elif found.person_id is not None:
            taken[found.person_id] = path
            line["person"] = str(found.person_id)
        report.append(line)
    file_id = keep_file(data, media_type="application/zip", name="photos.zip", actor=actor, at=at)
    row = PhotoBatch(
        id=new_id(), competition_id=competition_id, delegation_id=delegation_id, file_id=file_id, state="checked",
        files=len(report), matched=len(taken), report=_sealed(report), created_by=actor.person, created_at=at,
    )  # fmt: skip
    with transaction() as writing:
        writing.add(row)
        writing.flush()
        _noted(actor, "photos:sent", row, at, files=row.files, matched=row.matched)
    return row.id


def assign_photos(photo_batch_id: UUID, given: Mapping[int, UUID], *, actor: Actor, at: datetime) -> None:
    """Say whose files are that nobody was found for: place in the report → person. Raises Missing, Conflict photos_settled.

    Refusal photo_twice_given when one person gets two photos.
    """
    row = queries.photo_batch(photo_batch_id)
    own = {one.sitter.person_id for one in queries.seen(row.competition_id, row.delegation_id)}
    report = queries.report_of(row)
    for place, person_id in given.items():
        if person_id not in own or not 0 <= place < len(report) or report[place]["why"] == "photo_no_picture":
            raise Missing
        report[place] |= {"person": str(person_id), "how": "hand", "why": ""}
    people = [line["person"] for line in report if line["person"]]
    if len(people) != len(set(people)):
        raise Refusal("photo_twice_given")
    with transaction() as writing:
        held = _open(writing, photo_batch_id)
        held.report, held.matched = _sealed(report), len(people)
        _noted(actor, "photos:assigned", held, at, count=len(given))


def accept_photos(photo_batch_id: UUID, *, replace: bool, actor: Actor, at: datetime) -> UUID | None:
    """File the matched photos; with `replace` also of people who have one. Many become a job, whose id is returned.

    Repeating it does nothing. Raises Missing, Refusal photos_nobody, Conflict photos_settled.
    """
    row = queries.photo_batch(photo_batch_id)
    if row.state in ("filing", "filed"):
        return row.job_id
    with transaction() as writing:
        held = _open(writing, photo_batch_id)
        if not held.matched:
            raise Refusal("photos_nobody")
        held.state = "filing"
        if held.matched > AT_ONCE:
            arguments = {"batch": str(photo_batch_id), "at": at.isoformat(), "replace": replace}
            held.job_id = order_job(JOB, arguments, actor=actor, at=at)
            return held.job_id
    file_photos(photo_batch_id, replace=replace, actor=actor, at=at)
    return None


def discard_photos(photo_batch_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Put an archive aside; its bytes are erased. Raises Missing, Conflict photos_settled."""
    with transaction() as writing:
        held = _open(writing, photo_batch_id)
        held.state, held.settled_at = "discarded", at
        file_id = held.file_id
        _noted(actor, "photos:discarded", held, at)
    erase_file(file_id, at=at)


def file_photos(
    photo_batch_id: UUID, *, replace: bool, actor: Actor, at: datetime,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> int:  # fmt: skip
    """Crop and file the matched photos of an archive, some at a time. Safe to repeat: what was filed is told by the report."""
    row = queries.photo_batch(photo_batch_id)
    if row.state == "filed":
        return row.filed
    report = queries.report_of(row)
    rule, strict = queries.photo_rule(row.competition_id), queries.photo_strict(row.competition_id)
    has = {one.sitter.person_id for one in queries.seen(row.competition_id, row.delegation_id) if one.photo}
    for place, packed in enumerate(unpacked(file_bytes(row.file_id))):
        line = report[place]
        if not line["person"] or line["state"] != "waits":
            continue
        if UUID(line["person"]) in has and not replace:
            line["state"] = "kept"
            continue
        try:
            made = prepared_photo(packed.data, rule)
            line["concerns"] = list(made.concerns)
            if strict and made.concerns:
                line["state"] = "refused"
                continue
            file_photo(UUID(line["person"]), made.data, actor=actor, at=at)
            line["state"] = "filed"
        except Refusal as refusal:
            line |= {
                "state": "refused",
                "concerns": [refusal.code],
                "facts": {k: str(v) for k, v in refusal.facts.items()},
            }
        if place % AT_ONCE == AT_ONCE - 1:
            _store(photo_batch_id, report)
            progress(place + 1, len(report))
    with transaction() as writing:
        _store(photo_batch_id, report)
        held = writing.get_one(PhotoBatch, photo_batch_id)
        held.state, held.settled_at = "filed", at
        _noted(actor, "photos:filed", held, at, filed=held.filed)
        file_id, filed = held.file_id, held.filed
    erase_file(file_id, at=at)  # the photos are on file; the archive with its names is not needed any more
    return filed


def file_photo(person_id: UUID, data: bytes, *, actor: Actor, at: datetime) -> UUID:
    """File a prepared photo of a person in place of the one before. Returns the file's id."""
    before = person(person_id)
    key = keep_file(data, media_type="image/jpeg", name="photo.jpg", actor=actor, at=at)
    photo_id = before.photo_id
    note_person(PersonFacts(name_zh=before.name_zh, photo_id=key), person_id=before.id, actor=actor, at=at)
    if photo_id is not None:
        erase_file(photo_id, at=at)
    return key


# --- inside ---


def _sealed(report: list[dict[str, Any]]) -> Personal:
    return Personal(json.dumps(report, ensure_ascii=False), keep=0)


def _store(photo_batch_id: UUID, report: list[dict[str, Any]]) -> None:
    with transaction() as writing:
        held = writing.get_one(PhotoBatch, photo_batch_id, with_for_update=True)
        held.report, held.filed = _sealed(report), sum(line["state"] == "filed" for line in report)


def _open(writing: Session, photo_batch_id: UUID) -> PhotoBatch:
    held = writing.get(PhotoBatch, photo_batch_id, with_for_update=True)
    if held is None:
        raise Missing
    if held.state != "checked":
        raise Conflict("photos_settled")
    return held


def _noted(actor: Actor, verb: str, row: PhotoBatch, at: datetime, **facts: object) -> None:
    record(actor, verb, "photo_batch", row.id, at=at, chain=programme.audit_chain(row.competition_id), **facts)
