"""Hands for the road: pages, sign-ins, pictures, axe, and the acts that several stages share."""

from __future__ import annotations

import io
import re
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import zxingcpp
from PIL import Image, ImageDraw

from competitions.rules.scheme import AspectDraft, CriterionDraft, SchemeDraft, SubCriterionDraft
from competitions.schemes.chinese_template import written_scheme
from foundation.clock import set_arranged
from foundation.print.printer import picture_of
from tests.journeys.test_set_up import PICTURES, serious

OFFICE, TABLET, PHONE = {"width": 1440, "height": 900}, {"width": 820, "height": 1180}, {"width": 390, "height": 844}


@dataclass
class Road:
    """A browser on its way, with what it has learned from slips and cards."""

    server: str
    chromium: Any
    folder: Path
    console: list[str] = field(default_factory=list)
    passwords: dict[str, str] = field(default_factory=dict)
    cards: dict[str, tuple[str, str]] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()

    def page(self, size: dict[str, int] = OFFICE) -> Any:
        """A browser of its own, as another person would have."""
        page = self.chromium.new_context(viewport=size, locale="zh-CN", reduced_motion="reduce").new_page()
        page.set_default_timeout(8000)
        page.on("console", lambda line: self.console.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: self.console.append(str(error)))
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(self.server)
        return page

    def sign_in(self, name: str, size: dict[str, int] = OFFICE, password: str = "") -> Any:
        """A page of somebody who signs in from the front door."""
        page = self.page(size)
        page.locator("main a[href='/sign-in']").click()
        page.locator("#login").fill(name)
        page.locator("#password").fill(password or self.passwords[name])
        page.locator("main form button.btn-primary").click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
        if page.url.endswith("/account"):  # the password of a slip opens nothing else
            given = password or self.passwords[name]
            self.passwords[name] = f"own-{name}-2026"
            for label, text in (
                ("current_password", given),
                ("new_password", self.passwords[name]),
                ("again", self.passwords[name]),
            ):
                page.locator(f"#{label}").fill(text)
            page.locator("#again").press("Enter")
            page.locator(".notice-success").wait_for()
            page.goto(f"{self.server}/home")
        return page

    def see(self, page: Any, name: str, *, again: bool = True) -> None:
        """Picture, axe in both languages, no sideways scrolling; a page that is shown once is looked at as it stands."""
        PICTURES.mkdir(exist_ok=True)
        page.screenshot(path=PICTURES / f"road-{name}.png", full_page=True)
        address = page.url.split("#")[0].split("?")[0]
        for language in ("en", "zh") if again else ("",):
            if language:
                page.goto(f"{address}?lang={language}")
            assert serious(page) == [], (name, language)
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (name, language)
            for word in self.hidden if page.viewport_size == TABLET else ():
                assert word not in page.content(), (name, word)

    def card(self, name: str) -> Any:
        """A judge's tablet after signing in with card and PIN."""
        page = self.page(TABLET)
        code, pin = self.cards[name]
        page.goto(f"{self.server}/judge?card={code}")
        for digit in pin:
            page.locator(f".keypad [data-digit='{digit}']").click()
        page.get_by_role("main").get_by_role("button", name="登录").click()
        page.get_by_role("heading", name="我的").first.wait_for()
        return page


def go_to(year: int, month: int, day: int, hour: int = 1, minute: int = 0) -> None:
    """Let time pass to a moment (UTC; China is eight hours ahead)."""
    set_arranged(datetime(year, month, day, hour, minute, tzinfo=UTC))


def click(page: Any, name: str, *, role: str = "button", exact: bool = True) -> None:
    """Press what is named so in the main part of the page, and wait for the page that follows."""
    page.get_by_role("main").get_by_role(role, name=name, exact=exact).first.click()
    page.wait_for_load_state()


def side(page: Any, ends: str) -> None:
    """Follow the entry of the side navigation whose address ends so."""
    page.locator(f"#side a[href$='{ends}']").first.click()
    page.wait_for_load_state()


def fill(page: Any, **values: str) -> None:
    """Fill fields by their names: selects are chosen, the rest is typed."""
    for name, value in values.items():
        box = page.locator(f"main [name='{name}'], main [name$='-{name}']").first
        if box.evaluate("box => box.tagName") == "SELECT":
            box.select_option(value)
        else:
            box.fill(value)


def pdf_text(data: bytes) -> str:
    """The text of a PDF, laid out as on paper."""
    return subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=data, capture_output=True, check=True
    ).stdout.decode()


def downloaded(page: Any, press: Any) -> bytes:
    """The file that a press downloads."""
    with page.expect_download() as waiting:
        press()
    found: bytes = Path(waiting.value.path()).read_bytes()
    return found


def read_cards(data: bytes, names: tuple[str, ...]) -> dict[str, tuple[str, str]]:
    """Name → (code, PIN) from the printed cards and slips: QR codes and slips stand in the order of the names."""
    text = pdf_text(data)
    order = list(dict.fromkeys(re.findall("|".join(names), text)))
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture_of(data, dpi=200))))
    found = sorted(found, key=lambda code: (round(code.position.top_left.y / 100), code.position.top_left.x))
    codes = [code.text.partition("card=")[2] for code in found]
    pins = re.findall(r"(?<![\d-])\d{6}(?![\d-])", text)
    assert len(codes) == len(pins) == len(order) == len(names), text
    return {name: (code, pin) for name, code, pin in zip(order, codes, pins, strict=True)}


def portrait(path: Path, colour: str) -> Path:
    """A plain photo of an invented person."""
    picture = Image.new("RGB", (600, 840), "#dfe9ef")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((200, 170, 400, 430), fill="#e8c9ae")
    draw.ellipse((190, 140, 410, 290), fill="#2b2622")
    draw.rounded_rectangle((110, 480, 490, 840), 90, fill=colour)
    target = io.BytesIO()
    picture.save(target, "JPEG")
    path.write_bytes(target.getvalue())
    return path


def small_scheme() -> bytes:
    """Our own template filled in: two sub-criteria with measurement, judgement and points, 100 marks together."""
    levels = ("焊缝成形差，宽窄明显不一", "成形一般，局部宽窄不均", "成形较好，接头平顺", "成形美观，波纹细密均匀")
    points = {"drop_high": 0, "drop_low": 0, "aggregate": "mean", "places": 1}

    def aspect(code: str, kind: str, method: str, mark: int, name: str, **more: Any) -> AspectDraft:
        options, descriptors = more.get("options", {}), more.get("descriptors", ())
        return AspectDraft(
            code, kind, method, Fraction(mark), name, "", more.get("guidance", ""), options, descriptors, ""
        )

    appearance = SubCriterionDraft(
        "A1", "板对接立焊外观", "Appearance of the butt weld", 1,
        (
            aspect("A1-1", "measurement", "pass_fail", 20, "焊缝余高在 0—3 mm 范围内", guidance="用焊缝检验尺测量三处"),
            aspect("A1-2", "measurement", "value", 20, "焊缝宽度差", options={"places": 1}),
            aspect("A1-3", "judgement", "judgement_0_3", 30, "正面成形", descriptors=levels),
        ),
    )  # fmt: skip
    work = SubCriterionDraft(
        "B1", "操作过程", "Work in progress", 1,
        (
            aspect("B1-1", "judgement", "judgement_0_3", 15, "操作熟练程度", descriptors=("动作生疏", "基本连贯", "操作连贯", "操作熟练")),
            aspect("B1-2", "points", "points", 15, "操作规范与用材节约", options=points),
        ),
    )  # fmt: skip
    criteria = (
        CriterionDraft("A", "焊缝外观质量", "Appearance of the weld", Fraction(70), (appearance,)),
        CriterionDraft("B", "操作过程", "Work in progress", Fraction(30), (work,)),
    )
    return written_scheme(SchemeDraft("焊工实操评分标准", criteria, ()))


def saved(page: Any) -> None:
    """Wait until the light says that everything is on the server."""
    page.locator("#light[data-state=saved]").wait_for()


def mark(page: Any, values: dict[str, str]) -> None:
    """Mark every aspect of the sheet on screen with taps alone: aspect code → what is tapped."""
    for code, value in values.items():
        card = page.locator(f".aspect[data-code='{code}']")
        if card.get_attribute("data-method") in ("value", "points"):
            card.locator("[data-pad]").click()
            for key in value:
                page.locator(f"#pad [data-key='{key}']").click()
            page.locator("#pad [value=ok]").click()
        else:
            card.locator(f"[data-value='{value}']").click()
        if page.locator("#note-owed").is_visible():  # a 0, or a mark changed after all were in: why
            page.locator("#note .chip").first.click()
            page.locator("#note [value=ok]").click()
        saved(page)
