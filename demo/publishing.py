"""Third stage: runs, signatures, 赛场公布, 公示, 公布."""

from __future__ import annotations

from datetime import UTC, date, datetime

from competitions.programme.actions import move_competition
from competitions.publications.actions import decide_results, post_results, propose_results
from competitions.results.actions import compute_run, sign_run
from demo.scene import Scene, go_to, later


def play(scene: Scene) -> None:
    """Publish every event: posted on the last day, five working days of notice, decided with a document number."""
    organizer = scene.office["zhoumin"]
    go_to(datetime(2026, 5, 23, 8, 0, tzinfo=UTC))
    runs = []
    for event in scene.events:
        run = compute_run(event.id, event.division_id, actor=organizer, at=later(minutes=3))
        sign_run(run, role="chief_judge", actor=scene.office["chief"], at=later(minutes=10))
        sign_run(run, role="supervisor", actor=scene.office["supervisor"], at=later(minutes=5))
        post_results(run, actor=organizer, at=later(minutes=5))
        runs.append(run)
    at = go_to(datetime(2026, 5, 25, 1, 0, tzinfo=UTC))
    for run in runs:
        propose_results(run, actor=organizer, at=at)
    at = go_to(datetime(2026, 6, 8, 2, 0, tzinfo=UTC))
    for number, run in enumerate(runs, start=1):
        decide_results(
            run,
            document_number=f"江人社竞〔2026〕{number + 10}号",
            document_date=date(2026, 6, 8),
            actor=organizer,
            at=at,
        )
    move_competition(scene.competition_id, "conclude", actor=organizer, at=later(hours=2))
