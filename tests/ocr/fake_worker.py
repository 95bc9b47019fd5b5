"""A reading process without models: what a picture file holds is what it does.

`hang` never answers, `die` ends it, `die once` ends it the first time, `refuse` is a picture that
cannot be read; anything else is read: each line of the file is one turn of nobody.
"""

import json
import os
import sys
import time
from pathlib import Path


def main() -> None:
    if "no start" in sys.argv:
        sys.exit(1)
    say({"ready": True})
    for order in sys.stdin:
        path = Path(json.loads(order)["path"])
        say(answer(path, path.read_text("utf-8")))


def answer(path: Path, content: str) -> dict[str, object]:
    if content == "hang":
        time.sleep(600)
    first_time = not path.with_suffix(".met").exists()
    path.with_suffix(".met").touch()
    if content == "die" or (content == "die once" and first_time):
        os._exit(1)
    if content == "refuse":
        return {"failed": "UnreadablePicture"}
    lines = [
        {"text": text, "box": [0, 0, 1, 1], "confidence": 1, "turn": number}
        for number, text in enumerate(content.splitlines())
    ]
    return {"lines": lines}


def say(answer: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
