"""The hall's server in a process of its own, to be killed: `python -m tests.journeys.hall_server PORT CERTIFICATE KEY MOMENT`.

Settings come from the environment; the clock stands at MOMENT, as in the test that starts it.
"""

from __future__ import annotations

import random
import sys
from datetime import datetime

from werkzeug.serving import make_server

from app import create_app
from foundation.clock import arranged


def main() -> None:
    """Serve until killed."""
    port, certificate, key, moment = sys.argv[1:5]
    with arranged(datetime.fromisoformat(moment), seed=random.SystemRandom().getrandbits(60)):
        make_server("127.0.0.1", int(port), create_app(), threaded=True, ssl_context=(certificate, key)).serve_forever()


if __name__ == "__main__":
    main()
