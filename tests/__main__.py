"""All checks in one command: `python -m tests` runs lint, format check, strict types and the tests.

Words behind it go to pytest: `python -m tests -k query`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

CHECKS = (
    ("lint", ["ruff", "check", "."]),
    ("format", ["ruff", "format", "--check", "."]),
    ("types", ["mypy"]),
    ("tests", ["pytest", "-n", "4"]),
)


@contextmanager
def as_installed() -> Iterator[dict[str, str]]:
    """An environment in which mypy finds the folders under the names that they are installed by.

    mypy does not follow the redirections of an editable install, so it gets a temporary folder of two links.
    """
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder, "paperdeck")
        package.mkdir()
        for name in ("tui", "storage"):
            (package / name).symlink_to(ROOT / name)
        yield os.environ | {"MYPYPATH": folder}


def main(pytest_arguments: list[str]) -> int:
    """Run every check, also behind one that fails; returns how many failed."""
    failed = []
    for name, command in CHECKS:
        extra = pytest_arguments if name == "tests" else []
        print(f"── {name}: {' '.join(command)}", flush=True)
        with as_installed() as environ:
            if subprocess.run([sys.executable, "-m", *command, *extra], cwd=ROOT, env=environ, check=False).returncode:
                failed.append(name)
    print(f"── failed: {', '.join(failed)}" if failed else "── all checks passed", flush=True)
    return len(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
