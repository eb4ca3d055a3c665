"""Who gets a certificate out of a publication: every member of a team that won, coaches where the rules honour them, those who took part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from certification.rules.wording import PRIZE_TEXT
from competitions.published import PublishedResults
from foundation.refusal import Refusal

KIND_OF = {"prize": "prize", "coach": "honour", "title": "honour", "participation": "participation"}
"""What a certificate is given as → the kind of certificate it is printed as."""
LETTERS = {"prize": "P", "honour": "H", "participation": "C"}
COACH = ("优秀指导教师", "Outstanding Coach")
TOOK_PART = ("参赛选手", "Competitor")


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person, for one thing, by one entry."""

    entry_id: UUID
    person_id: UUID
    given_as: str
    prize: str
    wording: str
    wording_en: str
    unit: str
    rank: int | None

    def key(self, publication_id: UUID) -> str:
        """The same person for the same thing out of the same publication gets one certificate. A coach gets one however many won."""
        entry = "" if self.given_as == "coach" else str(self.entry_id)
        return f"{self.given_as}:{publication_id}:{entry}:{self.person_id}:{self.wording if self.given_as == 'title' else ''}"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be issued; a title needs its words and down to which rank."""

    given_as: str
    wording: str = ""
    wording_en: str = ""
    to_rank: int = 0


def recipients(results: PublishedResults, asked: Asked) -> Sequence[Recipient]:
    """Everybody who gets one, in the order of the publication. Entries that are held get nothing before they are settled.

    Raises Refusal award_kind_unknown, award_wording_missing, award_rank_missing.
    """
    if asked.given_as not in KIND_OF:
        raise Refusal("award_kind_unknown", field="given_as")
    if asked.given_as == "title" and not asked.wording.strip():
        raise Refusal("award_wording_missing", field="wording")
    if asked.given_as == "title" and asked.to_rank < 1:
        raise Refusal("award_rank_missing", field="to_rank")
    found: list[Recipient] = []
    coaches: set[UUID] = set()
    for line in results.results:
        if line.held:
            continue
        if asked.given_as == "coach":
            for person in line.coaches:
                if person not in coaches:
                    coaches.add(person)
                    found.append(Recipient(line.entry_id, person, "coach", line.prize, *COACH, "", line.rank))
            continue
        said = _said(asked, line.prize, line.award_rank, ranked=line.rank is not None)
        if said is not None:
            found += [
                Recipient(
                    line.entry_id, member.person_id, asked.given_as, line.prize, *said, member.unit_name, line.rank
                )
                for member in line.members
            ]
    return found


def _said(asked: Asked, prize: str, award_rank: int | None, *, ranked: bool) -> tuple[str, str] | None:
    if asked.given_as == "prize":
        return PRIZE_TEXT.get(prize)
    if asked.given_as == "title":
        fits = award_rank is not None and award_rank <= asked.to_rank
        return (asked.wording.strip(), asked.wording_en.strip()) if fits else None
    return TOOK_PART if ranked else None


def facts_of(results: PublishedResults) -> Mapping[str, str]:
    """What the names in braces of a design mean for this publication."""
    competition, event = results.competition, results.event
    return {
        "competition": competition.name_zh, "competition_en": competition.name_en, "event": event.name_zh,
        "event_en": event.name_en, "division": event.division_name, "division_en": event.division_name_en,
        "document": results.document_number,
    }  # fmt: skip
