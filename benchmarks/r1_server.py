"""The server of R1: the whole application on one port, killed and started again by the campaign. Its clock jumps at every start."""

from __future__ import annotations

import random
import sys
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from werkzeug.serving import make_server

from app import create_app
from competitions.marking import api, ledger
from foundation.clock import arranged, set_arranged
from foundation.permission import Actor


def plant(name: str) -> None:
    """Put a bug in: the campaign must turn red on it."""
    if name == "acknowledge_before_commit":
        real = ledger.receive_marks

        def early(batch: Sequence[Any], *, actor: Actor, at: datetime) -> list[ledger.Answer]:
            app = api.request.environ["laurel.app"]

            def store() -> None:
                time.sleep(0.05)
                with app.app_context():
                    real(batch, actor=actor, at=at)

            threading.Thread(target=store, daemon=True).start()
            return [ledger.Answer(body.id, "received", 1, "") for body in batch]

        ledger.receive_marks = early  # type: ignore[assignment]
    elif name == "altered":
        first = ledger._receive_all

        def altered(writing: Any, hashed: Any, actor: Any, at: Any, **more: Any) -> Any:
            for one in hashed:
                if one.body.device_sequence % 40 == 0:
                    object.__setattr__(one.body, "value", "0")
            return first(writing, hashed, actor, at, **more)

        ledger._receive_all = altered  # type: ignore[assignment]


def main() -> None:
    """PORT, jump of the clock in seconds, planted bug."""
    port, jump, planted = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else ""
    app = create_app()
    if planted:
        plant(planted)

    def serving(environ: Any, start: Any) -> Any:
        environ["laurel.app"] = app
        return app(environ, start)

    def moment() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=jump)  # noqa: TID251 - this server's clock is the machine's, moved

    with arranged(moment(), seed=random.SystemRandom().getrandbits(60)):

        def tick() -> None:
            while True:
                set_arranged(moment())
                time.sleep(0.005)

        threading.Thread(target=tick, daemon=True).start()
        make_server("127.0.0.1", port, serving, threaded=True).serve_forever()


if __name__ == "__main__":
    main()
