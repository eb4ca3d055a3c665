"""Runs a campaign in a process of its own: it composes an application, and an application joins its process to its queue, keys
and store. The tests' own application stays as it was."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import Any, TypeVar

Report = TypeVar("Report")


def apart(campaign: Callable[..., Report], *arguments: Any, **named: Any) -> Report:
    """The report of `campaign`, run in a fresh process. What it raises is raised here."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(campaign, *arguments, **named).result()
