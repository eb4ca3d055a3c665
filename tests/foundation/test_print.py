"""Printing reaches nothing but what is ours."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest

from foundation.print import printer, qr


@pytest.fixture
def canary() -> Iterator[tuple[int, list[str]]]:
    """A listener that notes every connection."""
    hits: list[str] = []
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.2)
    stop = threading.Event()

    def listen() -> None:
        while not stop.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            hits.append("hit")
            connection.close()

    thread = threading.Thread(target=listen)
    thread.start()
    yield listener.getsockname()[1], hits
    stop.set()
    thread.join()
    listener.close()


def test_a_page_becomes_a_pdf_with_its_text() -> None:
    printed = printer.print_html("<html><body><p>焊工 江州省第三届</p></body></html>")
    assert (printed.pages, printed.data[:5], printed.warnings) == (1, b"%PDF-", ())
    assert printer.picture_of(printed.data, dpi=30)[:8] == b"\x89PNG\r\n\x1a\n"


def test_neither_network_nor_files_are_reached(canary: tuple[int, list[str]], tmp_path: Path) -> None:
    port, hits = canary
    marker = tmp_path / "marker.css"
    marker.write_text("body::before { content: 'LEAKED' }")
    hostile = [
        f"<link rel=stylesheet href='http://127.0.0.1:{port}/a.css'>",
        f"<img src='http://127.0.0.1:{port}/a.png'>",
        f"<style>@import url(http://127.0.0.1:{port}/b.css); @font-face {{ font-family: x; src: url(http://127.0.0.1:{port}/c) }}"
        " p { font-family: x }</style>",
        f"<link rel=stylesheet href='file://{marker}'>",
        "<img src='file:///etc/hostname'><a rel=attachment href='file:///etc/passwd'>a</a>",
        f"<object data='http://127.0.0.1:{port}/o'></object><embed src='file:///etc/passwd'>",
        "<link rel=stylesheet href='asset:../../config.py'><img src='asset:/etc/passwd'><link rel=attachment href='file:///etc/passwd'>",
        f"<svg xmlns='http://www.w3.org/2000/svg'><image href='http://127.0.0.1:{port}/s.png' width='5' height='5'/></svg>",
    ]
    for payload in hostile:
        printed = printer.print_html(f"<html><head>{payload}</head><body><p>正文</p>{payload}</body></html>")
        with pikepdf.open(__import__("io").BytesIO(printed.data)) as pdf:
            assert len(pdf.attachments) == 0
        assert b"root:" not in printed.data
        page = f"<html><head>{payload}</head><body><p data-field=name>正文</p>{payload}</body></html>"
        laid = printer.print_ground(page, page)
        assert b"root:" not in laid.data
    assert hits == []


def test_a_qr_code_is_read_back() -> None:
    import io

    import zxingcpp
    from PIL import Image

    address = "https://laurel.example/verify/ABCDEFGH"
    html = f"<html><body><img style='width:40mm' src='{qr.qr_data_url(address)}'></body></html>"
    png = printer.picture_of(printer.print_html(html).data, dpi=100)
    assert [code.text for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(png)))] == [address]
