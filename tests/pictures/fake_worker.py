"""A drawing process without pictures: what a card's title says is what it does.

`hang` never answers, `die` ends it, `fail` cannot be drawn, `environment` tells what it was given,
`last` draws and then ends; any other title is the "picture".
"""

import json
import os
import sys
import time
from typing import Any


def main() -> None:
    if "no start" in sys.argv:
        sys.exit(1)
    say({"ready": True})
    for line in sys.stdin:
        serve(json.loads(line)["card"]["title"])


def serve(title: str) -> None:
    if title == "hang":
        time.sleep(600)
    if title == "die":
        os._exit(1)
    if title == "fail":
        say({"failed": "ValueError"})
        return
    body = json.dumps(dict(os.environ)) if title == "environment" else title
    say({"bytes": len(body.encode())}, body.encode())
    if title == "last":
        os._exit(1)


def say(head: dict[str, Any], body: bytes = b"") -> None:
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + body)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
