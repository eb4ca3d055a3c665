"""What the published results offer to lists of people: parts, total, rank, prize, passed. Only of decided publications in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any
from uuid import UUID

from competitions.publications.models import PublicationKind, PublicationRow
from competitions.publications.queries import rows_of_entries
from foundation.exact import fraction_from_text, shown
from foundation.web.columns import ListRow

NAMES = ("theory_score", "practice_score", "total_score", "rank", "prize", "passed")


def of_results(_competition_id: UUID, rows: Sequence[ListRow]) -> Mapping[UUID, Mapping[str, Any]]:
    """Row key → what the latest decided publication says of its entry."""
    latest: dict[UUID, PublicationRow] = {}
    for one in rows_of_entries(list({row.group for row in rows})):
        before = latest.get(one.entry_id)
        if one.publication.kind == PublicationKind.DECIDED and (
            before is None or before.publication.number < one.publication.number
        ):
            latest[one.entry_id] = one
    told = {key: _told(one) for key, one in latest.items()}
    return {row.key: told[row.group] for row in rows if row.group in told}


def _told(row: PublicationRow) -> dict[str, Any]:
    parts = {part["kind"]: part for part in row.facts.get("parts", ())}
    found: dict[str, Any] = {"total_score": row.total, "rank": row.rank, "prize": row.prize}
    for kind in ("theory", "practice"):
        score = parts.get(kind, {}).get("score")
        if score is not None:
            found[f"{kind}_score"] = shown(fraction_from_text(str(score)), 2)
    judged = [
        fraction_from_text(str(part["score"])) >= Fraction(str(part["pass_mark"]))
        for part in parts.values()
        if part.get("pass_mark") and part.get("score")
    ]
    if judged and row.status == "ranked":
        found["passed"] = "yes" if all(judged) else "no"
    return found
