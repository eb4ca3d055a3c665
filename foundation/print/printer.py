"""Printing: HTML in, PDF out, by a child process that is started when first needed and replaced when it hangs."""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from foundation.refusal import Refusal

ROOT = Path(__file__).resolve().parents[2]
ASSETS = (ROOT / "static", ROOT / "templates" / "certificates", ROOT / "templates" / "print")
TIMEOUT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Printed:
    """A finished PDF, its number of pages, what WeasyPrint warned of, and the rooms (with their text) that were too small."""

    data: bytes
    pages: int
    warnings: tuple[str, ...]
    overfull: Mapping[str, str] = field(default_factory=dict)


class _Child:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, order: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
        with self._lock:
            process = self._running()
            timer = threading.Timer(TIMEOUT_SECONDS, process.kill)
            timer.start()
            try:
                return self._exchange(process, order, body)
            except (BrokenPipeError, EOFError) as gone:
                self.stop()
                raise Refusal("print_failed") from gone
            finally:
                timer.cancel()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "foundation.print.child"],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        return self._process

    @staticmethod
    def _exchange(process: subprocess.Popen[bytes], order: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
        if process.stdin is None or process.stdout is None:
            raise EOFError
        process.stdin.write(json.dumps({**order, "length": len(body)}).encode() + b"\n" + body)
        process.stdin.flush()
        line = process.stdout.readline()
        if not line:
            raise EOFError
        answer: dict[str, Any] = json.loads(line)
        return answer, process.stdout.read(answer["length"])

    def rest(self) -> None:
        """End it when it is done with what it is doing."""
        with self._lock:
            self.stop()

    def stop(self) -> None:
        if self._process is not None:
            process, self._process = self._process, None
            process.kill()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()
            process.wait()


_child = _Child()
atexit.register(_child.stop)


def print_html(html: str, *, folders: tuple[Path, ...] = ASSETS) -> Printed:
    """`html` as PDF. Only `asset:` paths below `folders` and small `data:` pictures are reached.

    Raises Refusal print_failed; RuntimeError when the document itself is wrong (a programming error).
    """
    order = {"do": "pdf", "folders": [str(folder) for folder in folders]}
    answer, data = _child.ask(order, html.encode())
    if "error" in answer:
        raise RuntimeError(answer["error"])
    return Printed(data, answer["pages"], tuple(answer["warnings"]), answer["overfull"])


@dataclass(frozen=True, slots=True)
class Laid:
    """A page printed without its fields, and where those stand, in CSS pixels from the upper left corner."""

    data: bytes
    places: dict[str, dict[str, Any]]
    warnings: tuple[str, ...]
    overfull: Mapping[str, str] = field(default_factory=dict)


def print_ground(filled: str, empty: str, *, folders: tuple[Path, ...] = ASSETS) -> Laid:
    """`empty` as PDF/A-3u with the places of the fields in `filled` (elements with `data-field`).

    Raises Refusal print_failed; RuntimeError when the page itself is wrong.
    """
    order = {"do": "ground", "folders": [str(folder) for folder in folders]}
    answer, data = _child.ask(order, json.dumps({"filled": filled, "empty": empty}).encode())
    if "error" in answer:
        raise RuntimeError(answer["error"])
    return Laid(data, answer["places"], tuple(answer["warnings"]), answer["overfull"])


def picture_of(pdf: bytes, *, page: int = 0, dpi: int = 144) -> bytes:
    """One page of a PDF as PNG."""
    answer, data = _child.ask({"do": "png", "page": page, "dpi": dpi}, pdf)
    if "error" in answer:
        raise RuntimeError(answer["error"])
    return data


def rest() -> None:
    """End the child once its present order is done: its memory is given back. The next order starts a new one."""
    _child.rest()


def stop() -> None:
    """End the child; the next order starts a new one."""
    _child.stop()
