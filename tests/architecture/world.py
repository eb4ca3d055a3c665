"""One object of every kind that a URL can name, for the permission table. Rooms add theirs here."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from accounts.organizations.actions import found_organization
from accounts.organizations.models import OrganizationKind
from certification.certificates.actions.batches import order_batches
from certification.certificates.actions.issuing import number_certificates
from certification.certificates.actions.life import ChangeFacts, ask_change
from certification.certificates.actions.reports import make_report
from certification.rules.certificate_states import Act
from competitions.advancement.actions import link_events
from competitions.advancement.queries import links_into
from competitions.entries import noting
from competitions.entries.actions.check_in import doubt_identity
from competitions.entries.actions.importing import send_roster
from competitions.entries.actions.photos import send_photos
from competitions.entries.actions.replacing import replace_member
from competitions.entries.queries.check_in import notes_of_entry
from competitions.entries.queries.entries import entry as entry_row
from competitions.judges.queries import panel
from competitions.marking.actions import evidence, gaps, tablets
from competitions.marking.actions.corrections import ask_correction
from competitions.marking.actions.paper import print_sheets
from competitions.marking.actions.sheets import call_chief
from competitions.marking.actions.signing import make_signing_list, sign_list
from competitions.marking.actions.voids import ask_void
from competitions.marking.ledger import receive_marks
from competitions.marking.queries.marks import revisions_at, signing_list
from competitions.meetings.actions import arrange_meeting, ask, publish_clarification
from competitions.outbox.actions import write_messages
from competitions.outbox.queries import waiting
from competitions.programme.queries import event as programme_event
from competitions.publications.actions import propose_results, raise_objection
from competitions.results.queries import score_imports
from foundation.clock import china_day, now
from foundation.db import transaction
from foundation.permission import MACHINE
from tests.factories import certification
from tests.factories.competitions import make_competition
from tests.factories.entries import archive, member_facts
from tests.factories.marking import Hall, make_hall
from tests.factories.pictures import filed_photo, picture
from tests.factories.results import decided, make_ready, signed_run
from tests.factories.rosters import line, workbook
from tests.factories.rows import make_entry, make_event


@dataclass(frozen=True)
class World:
    """URL argument → id of an object in this world."""

    ids: dict[str, UUID]


def build_world(region: str = "320000") -> World:
    """A competition in `region` with everything that belongs to it."""
    host = f"主办单位{region}"
    competition = make_competition(
        region_code=region, hosts=(("lead_host", host),), contact_phone="1", supervision_phone="2"
    )
    return World(
        {
            "competition_id": competition,
            "organization_id": found_organization(host, kind=OrganizationKind.OTHER, actor=MACHINE, at=now()),
            **_marking(competition),
            **_results(competition),
            **_certificate(competition, region),
            **_roster(competition),
            **_check_in(competition),
            **_replaced(competition),
            **_selected(competition),
        }
    )


def _marking(competition_id: UUID) -> dict[str, UUID]:
    """A hall with one marked work, a signing list and a call for the chief judge."""
    hall = make_hall(works=1, competition_id=competition_id)
    for seat in range(3):
        receive_marks(hall.whole(seat, 0), actor=hall.judges[seat], at=now())
    sub = hall.subs["A1"]
    signed = make_signing_list(hall.panel_id, [hall.subs["B1"]], actor=hall.judges[0], at=now())
    for seat, judge in zip(hall.seats, hall.judges, strict=True):
        sign_list(signed, seat, signing_list(signed).hash, actor=judge, at=now())
    return {
        "panel_id": hall.panel_id,
        "duty_id": panel(hall.panel_id).seats[0].duty_id,
        "work_id": hall.works[0],
        "sub_criterion_id": sub,
        "paper_id": print_sheets(hall.panel_id, actor=hall.chief, at=now())[0].id,
        "correction_id": ask_correction(
            hall.event_id, hall.works[0], hall.aspects["B1-1"], hall.seats[0], "1", "x", actor=hall.chief, at=now()
        ),
        "void_id": ask_void(
            hall.event_id, "aspect", hall.aspects["A1-2"], "leave_out", "x", actor=hall.chief, at=now()
        ),
        "list_id": make_signing_list(hall.panel_id, [sub], actor=hall.judges[0], at=now()),
        "mark_id": next(mark.id for mark in revisions_at(hall.works[0], hall.aspects["A1-2"])),
        "aspect_id": hall.aspects["A1-2"],
        **_pictures(hall),
        **_lost_tablet(hall),
        "call_id": call_chief(hall.panel_id, hall.works[0], None, actor=hall.judges[0], at=now()),
    }


def _pictures(hall: Hall) -> dict[str, UUID]:
    """A photo of the first judge, whole, and a drawing."""
    drawn = evidence.add_drawing(hall.event_id, picture(), title="图样", actor=hall.chief, at=now())
    return {"photo_id": filed_photo(hall), "drawing_id": drawn}


def _lost_tablet(hall: Hall) -> dict[str, UUID]:
    """A tablet of the first judge that says it holds two marks more, declared lost by the chief judge."""
    paired = tablets.register_tablet(hall.event_id, None, label="平板", actor=hall.judges[0], at=now())
    tablets.report_tablet(paired.device_id, last_sequence=2, waiting=2, client_at=None, at=now())
    gap = gaps.declare_gap(paired.device_id, "丢失", actor=hall.chief, at=now())
    return {"device_id": paired.device_id, "gap_id": gap}


def _results(competition_id: UUID) -> dict[str, UUID]:
    """An event of one marked entry with a list of scores, a signed run, its notice and an objection to it."""
    ready = make_ready(competition_id=competition_id)
    run = signed_run(ready)
    notice = propose_results(run, actor=ready.organizer, at=now())
    objection = raise_objection(
        notice, ready.entries["王强"], raised_by="刘真名", matter="资格", actor=ready.organizer, at=now()
    )
    return {
        "event_id": ready.event_id, "division_id": ready.division_id, "part_id": ready.theory_id,
        "entry_id": ready.entries["王强"], "run_id": run, "publication_id": notice, "objection_id": objection,
        "score_import_id": score_imports(ready.event_id)[0][0].id,
    }  # fmt: skip


def _selected(competition_id: UUID) -> dict[str, UUID]:
    """An event that takes the first of another competition's decided results."""
    below, target = make_ready(), make_event(competition_id)
    decided(below)
    [division] = programme_event(target).divisions
    link = link_events(
        target, below.event_id, source_division_id=below.division_id, target_division_id=division.id, delegation="晋级队",
        choice={"top": 1}, actor=MACHINE, at=now(),
    )  # fmt: skip
    [nomination] = next(one for one in links_into(target) if one.id == link).nominations
    return {"link_id": link, "nomination_id": nomination.id}


def _certificate(competition_id: UUID, region: str) -> dict[str, UUID]:
    """An approved certificate that somebody wants revoked, its issuer, and one in a batch."""
    issuer = certification.make_issuer()
    key = certification.make_approved(issuer, competition_id=competition_id, region_code=region)
    asked = ask_change(key, Act.REVOKE, ChangeFacts("x"), actor=certification.make_officer(), at=now())
    waiting = certification.make_reported(issuer, competition_id=competition_id, region_code=region)
    numbered = certification.make_approved(issuer, competition_id=competition_id, region_code=region)
    number_certificates([numbered], actor=MACHINE, at=now())
    (report,) = make_report([numbered], china_day(now()), actor=MACHINE, at=now())
    (batch,) = order_batches([waiting], public_url="http://localhost", actor=MACHINE, at=now())
    return {
        "certificate_id": key,
        "change": asked,
        "evaluation_organization_id": issuer,
        "batch_id": batch,
        "report_id": report,
    }


def _roster(competition_id: UUID) -> dict[str, UUID]:
    """A delegation and a roster it sent."""
    with transaction() as writing:
        body = noting.delegation_of(writing, competition_id, f"代表队{competition_id}", actor=MACHINE, at=now())
    sent = send_roster(competition_id, workbook([line(1)]), name="名单.xlsx", actor=MACHINE, at=now())
    photos = send_photos(competition_id, archive({"a.jpg": b"x"}), actor=MACHINE, at=now())
    assert body is not None
    return {"photo_batch_id": photos, "roster_import_id": sent, "delegation_id": body, **_meeting(competition_id, body)}


def _replaced(competition_id: UUID) -> dict[str, UUID]:
    """An entry in which somebody else took a place."""
    entry = make_entry(make_event(competition_id, code="REPL"), name="甲")
    made = replace_member(
        entry, 1, member_facts(name_zh="乙"), reason="生病", statement=b"%PDF-1.7", media_type="application/pdf", actor=MACHINE, at=now()
    )  # fmt: skip
    return {"replacement_id": made}


def _meeting(competition_id: UUID, delegation_id: UUID) -> dict[str, UUID]:
    """A meeting, a question of a delegation and a clarification."""
    made = arrange_meeting(competition_id, "领队会", now(), actor=MACHINE, at=now())
    asked = ask(delegation_id, "工具自带吗？", actor=MACHINE, at=now())
    told = publish_clarification(competition_id, "自带", actor=MACHINE, at=now())
    return {"meeting_id": made, "question_id": asked, "clarification_id": told}


def _check_in(competition_id: UUID) -> dict[str, UUID]:
    """An entry whose identity was doubted at the door."""
    event = make_event(competition_id, code="DOOR")
    entry = make_entry(event, name="门口甲")
    doubt_identity(entry, reason="与照片不符", actor=MACHINE, at=now())
    write_messages(competition_id, "candidates", text="x", actor=MACHINE, at=now())
    return {
        "message_id": waiting(competition_id)[0],
        "note_id": notes_of_entry(entry)[0].id,
        "member_id": entry_row(entry).members[0].id,
    }
