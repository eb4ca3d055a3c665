"""What this room tells others, after COMMIT, ids only; losing one is harmless: `published.since` finds what was missed."""

from __future__ import annotations

from blinker import Namespace

_signals = Namespace()
results_published = _signals.signal("results-published")  # publication_id=…
results_superseded = _signals.signal("results-superseded")  # publication_id=…, superseded_by=…
