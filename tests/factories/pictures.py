"""Real small pictures, and photos sent as a tablet sends them."""

from __future__ import annotations

import hashlib
import io
import random
from uuid import UUID

from PIL import Image

from competitions.marking.actions.evidence import PART, PhotoFacts, begin_photo, take_part
from foundation.clock import new_id, now
from tests.factories.marking import Hall


def picture(width: int = 80, height: int = 60, kind: str = "JPEG") -> bytes:
    """A picture of noise: it does not compress, so its size follows from its sides."""
    made = Image.frombytes("RGB", (width, height), random.Random(7).randbytes(width * height * 3))
    target = io.BytesIO()
    made.save(target, kind, **({"quality": 95} if kind == "JPEG" else {}))
    return target.getvalue()


def facts_of(hall: Hall, data: bytes) -> PhotoFacts:
    """What a tablet says of a photo of the first work and the judged aspect."""
    return PhotoFacts(
        hall.panel_id, hall.works[0], hall.aspects["A1-2"], now(), len(data), hashlib.sha256(data).hexdigest()
    )


def filed_photo(hall: Hall) -> UUID:
    """A photo of the first judge that arrived whole."""
    data, key = picture(), new_id()
    begin_photo(key, facts_of(hall, data), actor=hall.judges[0], at=now())
    for start in range(0, len(data), PART):
        take_part(key, start, data[start : start + PART], actor=hall.judges[0], at=now())
    return key
