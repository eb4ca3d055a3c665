"""A2: a judge's sheet without a network: first paint of a kept page, and the time from a tap to the frame that shows it.

Thirty works × sixty aspects, a real browser, no server behind it. References of the same minute: an empty kept page, an empty frame.
"""

from __future__ import annotations

import statistics
from typing import Any

from benchmarks.r3_tablet import Run, served
from benchmarks.table import Row
from tests.factories.marking import make_wide_hall

WORKS, SUBS, REPEATS, TAPS = 30, 30, 7, 40
PAINT = "performance.getEntriesByType('paint').find((one) => one.name === 'first-contentful-paint')?.startTime"
# From the tap to the end of the next frame that follows the change on the button.
TAP = """async (taps) => {
  const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const spent = [], empty = [];
  const buttons = [...document.querySelectorAll(".level")];
  for (let n = 0; n < taps; n += 1) {
    const button = buttons[1 + (n % 3)];
    let from = performance.now();
    button.click();
    if (button.getAttribute("aria-pressed") === null) throw new Error("no such button");
    await frame();
    spent.push(performance.now() - from);
    from = performance.now();
    await frame();
    empty.push(performance.now() - from);
  }
  return [spent, empty];
}"""


def rows() -> list[Row]:
    """Measure."""
    with served() as (app, server, browser):
        hall = make_wide_hall(WORKS, SUBS)
        context = browser.new_context(viewport={"width": 768, "height": 1024}, locale="zh-CN")
        run = Run(app, f"http://127.0.0.1:{server.server_port}", hall, context)
        run.sign_in()
        page = context.new_page()
        page.set_default_timeout(120_000)
        page.goto(f"{run.address}/marking")
        page.locator("[data-offline][data-state=ready]").wait_for()
        context.set_offline(True)
        sub, judged = hall.subs["A1"], hall.aspects["A1-2"]
        address = f"{run.address}/marking/panels/{hall.panel_id}"
        paints = {name: _paints(page, one) for name, one in (
            ("one work", f"{address}/works/{hall.works[0]}/{sub}"), ("one aspect, 30 works", f"{address}/aspects/{judged}"),
            ("self-test", f"{run.address}/tablet/check"),
        )}  # fmt: skip
        page.goto(f"{address}/works/{hall.works[0]}/{sub}")
        page.locator("body[data-ready=yes]").wait_for()
        spent, empty = page.evaluate(TAP, TAPS)
        page.goto("about:blank")
        context.close()
    worst, usual = max(paints["one work"] + paints["one aspect, 30 works"]), statistics.median(paints["self-test"])
    tap, frame = statistics.quantiles(spent, n=20)[-1], statistics.median(empty)
    return [
        Row("A2", f"first paint of a kept sheet without network, worst of {2 * REPEATS}", f"{worst:.0f} ms",
            f"a small kept page {usual:.0f} ms", f"{worst / usual:.1f}", "< 1 s", worst < 1000),
        Row("A2", f"from a tap to its frame without network, 95 of 100 ({TAPS} taps)", f"{tap:.0f} ms",
            f"two empty frames {frame:.0f} ms", f"{tap / frame:.1f}", "≤ 100 ms", tap <= 100),
    ]  # fmt: skip


def _paints(page: Any, address: str) -> list[float]:
    found = []
    for _ in range(REPEATS):
        page.goto(address)
        page.wait_for_function(f"() => {PAINT} !== undefined")
        found.append(float(page.evaluate(PAINT)))
    return found
