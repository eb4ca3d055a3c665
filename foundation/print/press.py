"""The press: child processes that fill in, sign and look at certificates, so that a batch uses every core.

A hand (child) imports neither the database nor WeasyPrint. What is the same for many files (ground, fonts, key) is sent to it
once; then it answers file after file, and the pipe holds it back until the last one was taken: memory does not grow with the
batch. A hand ends when its input ends, also when this process is killed. A private key reaches it through that pipe alone:
it stands in no argument, no environment and no file.
"""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self, TypeVar

from foundation.print import frames
from foundation.print.printer import ROOT
from foundation.print.signatures import Attachment
from foundation.print.stamp import Ground, OwnFont
from foundation.refusal import Refusal

T = TypeVar("T")
HANDS = max(1, min(2, os.cpu_count() or 1))
FILES_OF_A_HAND = 500  # then a fresh one takes over: what libraries hold back stays bounded


class PressBroken(RuntimeError):
    """A hand ended in the middle of its work."""


class SignerBroken(RuntimeError):
    """The key or the device that holds it does not open."""


@dataclass(frozen=True, slots=True)
class SigningTool:
    """What a hand needs to sign: `holder` file with the private key (PKCS#8), or token with module, token, label and PIN."""

    holder: str
    name: str
    chain: str  # PEM, its own certificate first
    private_key: bytes = field(default=b"", repr=False)
    token: Mapping[str, str] = field(default_factory=dict)
    pin: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Setup:
    """What is the same for many files."""

    ground: Ground
    own: OwnFont
    signer: SigningTool | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One certificate to make. `check`: the finished page is looked at (text, raster, QR) before it is handed back.

    `whole`: a PDF that was laid out whole, to be signed only.
    """

    values: Mapping[str, str]
    photo: bytes = b""
    qr: str = ""
    attachments: tuple[Attachment, ...] = ()
    check: bool = False
    whole: bytes = b""


@dataclass(frozen=True, slots=True)
class Flawed:
    """What a look at a finished page found: names of fields whose text, drawing or code is not what it must be."""

    faults: tuple[str, ...]


class _Hand:
    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "foundation.print.press_hand"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._known: dict[int, Setup] = {}
        self.files = 0

    @property
    def pid(self) -> int:
        return self._process.pid

    def made(
        self, setup: Setup, sheets: Sequence[Sheet], at: datetime, keep: Callable[[bytes], T]
    ) -> list[T | Refusal | Flawed]:
        if self._process.stdin is None or self._process.stdout is None:
            raise PressBroken
        self.files += len(sheets)
        try:
            frames.send(self._process.stdin, *self._introduced(setup))
            frames.send(self._process.stdin, *_order(setup, sheets, at))
            found: list[T | Refusal | Flawed] = []
            for _ in sheets:
                head, blobs = frames.receive(self._process.stdout)
                if "error" in head:
                    raise _said(head)
                if "refusal" in head:
                    found.append(Refusal(head["refusal"], **head["facts"]))
                elif head["faults"]:
                    found.append(Flawed(tuple(head["faults"])))
                else:
                    found.append(keep(blobs[0]))
        except BrokenPipeError as gone:
            raise self._last_words() from gone
        except EOFError as gone:
            raise PressBroken("a hand of the press ended") from gone
        return found

    def _last_words(self) -> RuntimeError:
        """Why a hand takes no more orders: it says so before it ends, unless it was killed."""
        try:
            head, _blobs = frames.receive(self._process.stdout)  # type: ignore[arg-type]
        except EOFError:
            return PressBroken("a hand of the press ended")
        return _said(head)

    def _introduced(self, setup: Setup) -> tuple[dict[str, Any], list[bytes]]:
        key = id(setup)
        if self._known.get(key) is setup:
            return {"do": "nothing"}, []
        self._known = {key: setup}
        ground = {**dataclasses.asdict(setup.ground), "prefix": ""}
        signer = setup.signer
        said = None if signer is None else {
            "holder": signer.holder, "name": signer.name, "chain": signer.chain, "token": dict(signer.token), "pin": signer.pin,
        }  # fmt: skip
        own = {"family": setup.own.family, "path": str(setup.own.path) if setup.own.path else ""}
        return {"do": "setup", "ground": ground, "own": own, "signer": said}, [
            setup.ground.prefix, signer.private_key if signer else b"",
        ]  # fmt: skip

    def stop(self) -> None:
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:
                    continue
        self._process.wait()


def _said(head: dict[str, Any]) -> RuntimeError:
    return (SignerBroken if head.get("signer") else RuntimeError)(head.get("error", "a hand of the press ended"))


def _order(setup: Setup, sheets: Sequence[Sheet], at: datetime) -> tuple[dict[str, Any], list[bytes]]:
    blobs, said = [], []
    for sheet in sheets:
        blobs += [sheet.whole or sheet.photo, *(one.data for one in sheet.attachments)]
        attached = [
            {"name": one.name, "media_type": one.media_type, "description": one.description, "relationship": one.relationship}
            for one in sheet.attachments
        ]  # fmt: skip
        values = {name: sheet.values[name] for name in setup.ground.places if name in sheet.values}
        said.append(
            {
                "values": values,
                "qr": sheet.qr,
                "attachments": attached,
                "check": sheet.check,
                "whole": bool(sheet.whole),
            }
        )
    return {"do": "make", "at": at.isoformat(), "sheets": said}, blobs


class Press:
    """Some hands that work side by side. Use as a context: they are ended with it."""

    def __init__(self, hands: int = HANDS) -> None:
        self._count = hands
        self._hands: list[_Hand] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_gone: object) -> None:
        for hand in self._hands:
            hand.stop()
        self._hands = []

    @property
    def pids(self) -> list[int]:
        """The hands' process ids."""
        return [hand.pid for hand in self._hands]

    def made(
        self, setup: Setup, sheets: Sequence[Sheet], *, at: datetime, keep: Callable[[bytes], T]
    ) -> list[T | Refusal | Flawed]:
        """Every sheet in order: what `keep` answered for its PDF, why it was refused, or what is wrong with it.

        `keep` is called as the files come, in several threads. A device signs in one hand. Raises PressBroken when a hand
        was killed; RuntimeError when the design or the key is wrong.
        """
        count = 1 if setup.signer is not None and setup.signer.holder == "token" else self._count
        for place, hand in enumerate(self._hands):
            if hand.files >= FILES_OF_A_HAND:
                hand.stop()
                self._hands[place] = _Hand()
        while len(self._hands) < count:
            self._hands.append(_Hand())
        shares = [sheets[start::count] for start in range(count)]
        with ThreadPoolExecutor(count) as threads:
            parts = list(
                threads.map(
                    lambda pair: pair[0].made(setup, pair[1], at, keep), zip(self._hands[:count], shares, strict=True)
                )
            )
        return [parts[index % count][index // count] for index in range(len(sheets))]
