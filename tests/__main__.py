"""All checks in one command: `python -m tests` runs lint, format check, strict types and the tests.

Words behind it go to pytest: `python -m tests -k query`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

CHECKS = (
    ("lint", ["ruff", "check", "."]),
    ("format", ["ruff", "format", "--check", "."]),
    ("types", ["mypy"]),
    ("tests", ["pytest", "-n", "4"]),
)


def main(pytest_arguments: list[str]) -> int:
    """Run every check, also behind one that fails; returns how many failed."""
    failed = []
    for name, command in CHECKS:
        extra = pytest_arguments if name == "tests" else []
        print(f"── {name}: {' '.join(command)}", flush=True)
        if subprocess.run([sys.executable, "-m", *command, *extra], cwd=ROOT, check=False).returncode:
            failed.append(name)
    print(f"── failed: {', '.join(failed)}" if failed else "── all checks passed", flush=True)
    return len(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
