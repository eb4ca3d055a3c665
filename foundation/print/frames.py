"""Messages between a process and its children: one line of JSON, then the bytes it announces."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import IO, Any


def send(stream: IO[bytes], head: dict[str, Any], blobs: Sequence[bytes] = ()) -> None:
    """Write one message. Raises BrokenPipeError when nobody reads any more."""
    stream.write(json.dumps({**head, "sizes": [len(blob) for blob in blobs]}).encode() + b"\n")
    for blob in blobs:
        stream.write(blob)
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    """Read one message. Raises EOFError when the other side has ended."""
    line = stream.readline()
    if not line:
        raise EOFError
    head: dict[str, Any] = json.loads(line)
    blobs = [stream.read(size) for size in head["sizes"]]
    if [len(blob) for blob in blobs] != head["sizes"]:
        raise EOFError
    return head, blobs
