"""Every scoring method there is, in the order a form offers them."""

from __future__ import annotations

from collections.abc import Mapping

from competitions.rules.scoring import deduction, judgement, judges_points, measurement, timing
from competitions.rules.scoring.method import Method

METHODS: tuple[Method, ...] = (
    *measurement.METHODS, timing.METHODS[1], *judgement.METHODS, *judges_points.METHODS, *deduction.METHODS,
    timing.METHODS[0], timing.METHODS[2],
)  # fmt: skip
BY_KEY: Mapping[str, Method] = {method.key: method for method in METHODS}
