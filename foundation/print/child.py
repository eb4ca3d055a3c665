"""The printing child: a process of its own that turns HTML into PDF and PDF into PNG, and reaches nothing.

It reads one JSON line and a body from standard input and answers in the same way, until its input ends. WeasyPrint is imported
here alone: the web process is spared its second of import and its memory, and a document that runs wild is killed with it.
"""

from __future__ import annotations

import io
import json
import logging
import resource
import sys
from pathlib import Path
from typing import Any

import pypdfium2
import weasyprint
from weasyprint.urls import URLFetcher, URLFetcherResponse

MEMORY_BYTES = 4 * 1024**3
BOLD = 600
HAIR = 1.0  # CSS pixels


class OnlyOurs(URLFetcher):  # type: ignore[misc]
    """Answers `asset:` with files below the allowed folders and `data:` with small pictures; refuses all else."""

    def __init__(self, folders: list[Path]) -> None:
        super().__init__()
        self._folders = [folder.resolve() for folder in folders]

    def fetch(self, url: str, headers: Any = None) -> Any:
        """The resource, or ValueError: no network, no file outside the folders, no redirect."""
        if url.startswith("data:image/") and len(url) < 8_000_000:
            return super().fetch(url, headers)
        if url.startswith("asset:"):
            for folder in self._folders:
                path = (folder / url.removeprefix("asset:").lstrip("/")).resolve()
                if path.is_relative_to(folder) and path.is_file():
                    return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": _media_type(path)})
        raise ValueError(f"refused: {url[:80]}")


def _media_type(path: Path) -> str:
    kinds = {".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".otf": "font/otf"}
    return kinds.get(path.suffix, "application/octet-stream")


def _pdf(order: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
    warnings: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: warnings.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("weasyprint")
    logger.handlers[:] = [handler]
    fetcher = OnlyOurs([Path(folder) for folder in order["folders"]])
    document = weasyprint.HTML(string=body.decode(), url_fetcher=fetcher, base_url="asset:").render()
    overfull = {room: text for page in document.pages for room, text in _overfull(page).items()}
    return {"pages": len(document.pages), "warnings": warnings, "overfull": overfull}, document.write_pdf(
        pdf_identifier=b"laurel", pdf_variant=order.get("variant")
    )


def _ground(order: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
    """Lay a page out twice: filled, to see where its fields stand; empty, as the ground that is printed once.

    Where fields stand is read from the tree of boxes, which WeasyPrint does not promise to keep: the version is pinned and
    a test compares stamped pages with whole ones.
    """
    pages = json.loads(body)
    fetcher = OnlyOurs([Path(folder) for folder in order["folders"]])
    filled = weasyprint.HTML(string=pages["filled"], url_fetcher=fetcher, base_url="asset:").render()
    if len(filled.pages) != 1:
        raise ValueError(f"a certificate is one page, this has {len(filled.pages)}")
    overfull = _overfull(filled.pages[0])
    if overfull:
        return {"overfull": overfull, "places": {}, "warnings": []}, b""
    answer, data = _pdf({**order, "variant": "pdf/a-3u"}, pages["empty"].encode())
    return {**answer, "places": _places(filled.pages[0]), "height": filled.pages[0].height}, data


def _overfull(page: Any) -> dict[str, str]:
    """Rooms (`data-room`) whose text (`.fit` inside) is higher than they are, or has a line wider than they are."""
    found: dict[str, str] = {}
    for box in page._page_box.descendants(placeholders=True):
        room = box.element.get("data-room") if box.element is not None else None
        if not room or not hasattr(box, "children") or not box.children or box.element_tag.endswith("::before"):
            continue
        inner = box.children[0]
        lines = [one for one in inner.descendants(placeholders=True) if type(one).__name__ == "LineBox"]
        wide = max((sum(part.margin_width() for part in line.children) for line in lines), default=0)
        if inner.height > box.height + HAIR or wide > box.width + HAIR:
            found[room] = "".join(box.element.itertext()).strip()
    return found


def _places(page: Any) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for box in page._page_box.descendants(placeholders=True):
        name = box.element.get("data-field") if box.element is not None else None
        if not name:
            continue
        if name not in found and hasattr(box, "content_box_x"):
            found[name] = {
                "x": box.content_box_x(), "y": box.content_box_y(), "width": box.width, "height": box.height,
                "floor": float(box.element.get("data-floor") or 0),
            }  # fmt: skip
        if name in found and hasattr(box, "text") and "baseline" not in found[name]:
            style = box.style
            found[name] |= {
                "baseline": box.position_y + box.baseline, "size": style["font_size"], "families": list(style["font_family"]),
                "bold": style["font_weight"] >= BOLD, "colour": [float(part) for part in style["color"].coordinates][:3],
                "align": style["text_align_all"],
                "spacing": 0 if style["letter_spacing"] == "normal" else style["letter_spacing"],
            }  # fmt: skip
    return found


def _png(order: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
    document = pypdfium2.PdfDocument(body)
    page = document[order["page"]]
    target = io.BytesIO()
    page.render(scale=order["dpi"] / 72).to_pil().save(target, "PNG", optimize=True)
    return {"pages": len(document)}, target.getvalue()


def main() -> None:
    """Answer orders until the input ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    source, target = sys.stdin.buffer, sys.stdout.buffer
    work = {"pdf": _pdf, "png": _png, "ground": _ground}
    while line := source.readline():
        order = json.loads(line)
        body = source.read(order["length"])
        try:
            answer, data = work[order["do"]](order, body)
        except Exception as error:  # noqa: BLE001 - whatever it is, the parent must hear of it
            answer, data = {"error": f"{type(error).__name__}: {error}"[:500]}, b""
        target.write(json.dumps({**answer, "length": len(data)}).encode() + b"\n" + data)
        target.flush()


if __name__ == "__main__":
    main()
