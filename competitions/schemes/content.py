"""What a version of a scheme is, as bytes and as a hash: the same content gives the same hash wherever it was written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from competitions.rules.scheme import AspectDraft, SchemeDraft
from foundation.audit.chain import canonical
from foundation.exact import fraction_text

SCHEMA, VERSION = "laurel.marking_scheme", "1"


def content_hash(draft: SchemeDraft) -> str:
    """SHA-256 over the canonical form of a checked draft, in hex. Every list is preceded by its length."""
    return hashlib.sha256(canonical(_fields(draft))).hexdigest()


def _fields(draft: SchemeDraft) -> Iterator[str]:
    yield from (SCHEMA, VERSION, draft.title, str(len(draft.sections)))
    for section in draft.sections:
        yield from (section.code, section.name, "" if section.declared is None else fraction_text(section.declared))
    yield str(len(draft.criteria))
    for criterion in draft.criteria:
        yield from (criterion.code, criterion.name_zh, criterion.name_en, str(len(criterion.sub_criteria)))
        for sub in criterion.sub_criteria:
            yield from (
                sub.code,
                sub.name_zh,
                sub.name_en,
                "" if sub.day is None else str(sub.day),
                str(len(sub.aspects)),
            )
            for aspect in sub.aspects:
                yield from _aspect(aspect)


def _aspect(aspect: AspectDraft) -> Iterator[str]:
    options = json.dumps(aspect.options, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    yield from (aspect.code, aspect.kind, aspect.method, options, fraction_text(aspect.counted))
    yield from (aspect.name_zh, aspect.name_en, aspect.guidance, aspect.section, str(len(aspect.descriptors)))
    yield from aspect.descriptors
