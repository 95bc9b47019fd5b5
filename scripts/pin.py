"""Pins what `uv` installs: versions only, in pyproject.toml.

    python scripts/pin.py [--upgrade]

`uv.lock` records where each file was downloaded from, which is nobody's business but the machine's,
so it is ignored by git and the versions are kept here as constraints.
"""

import re
import subprocess
import sys
from pathlib import Path

PYPROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"
_BLOCK = re.compile(r"\n\[tool\.uv\]\nconstraint-dependencies = \[\n.*?\n\]\n", re.DOTALL)
_PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(?P<version>[^ ;]+)")


def main() -> None:
    """Resolve anew (without the old pins if `--upgrade`) and write the pins."""
    text = PYPROJECT.read_text("utf-8")
    if "--upgrade" in sys.argv[1:]:
        PYPROJECT.write_text(_BLOCK.sub("", text), "utf-8")
        subprocess.run(["uv", "lock", "--upgrade"], check=True)
    command = "uv export --all-groups --no-hashes --no-emit-project --no-annotate --no-header"
    exported = subprocess.run(command.split(), check=True, capture_output=True, text=True).stdout
    versions: dict[str, set[str]] = {}
    for line in exported.splitlines():
        if pin := _PIN.match(line):
            versions.setdefault(pin["name"], set()).add(pin["version"])
    # A package with a version for each Python cannot be pinned to one.
    pins = sorted(f"{name}=={min(found)}" for name, found in versions.items() if len(found) == 1)
    block = "\n[tool.uv]\nconstraint-dependencies = [\n"
    block += "".join(f'    "{pin}",\n' for pin in pins) + "]\n"
    text = _BLOCK.sub("", PYPROJECT.read_text("utf-8")).rstrip("\n") + "\n"
    PYPROJECT.write_text(text + block, "utf-8")
    sys.stdout.write(f"{len(pins)} packages pinned\n")


if __name__ == "__main__":
    main()
