"""All checks in one command: `python -m tests` runs lint, format check, strict types and the tests.

Additional arguments go to pytest: `python -m tests -k query`. Lint, format and types run beside the tests and are
printed when the tests are done.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

CHECKS = {
    "lint": ["ruff", "check", "."],
    "format": ["ruff", "format", "--check", "."],
    "types": ["mypy"],
}
FORKS = min(8, max(3, (os.cpu_count() or 1) * 5 // 2))
"""Each waits a third of its time, so two cores need five; more than eight find too few tests to take."""
TESTS = ["pytest", "-p", "tests.support.forks", "--forks", str(FORKS)]
IN_MEMORY = Path("/dev/shm")
ROOM_BYTES = 2 * 2**30
"""What the folders of all tests need at most, several times over."""


@contextmanager
def as_installed() -> Iterator[dict[str, str]]:
    """An environment in which mypy finds the folders under the names that they are installed by.

    mypy does not follow the redirections of an editable install, so it gets a temporary folder of links.
    """
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder, "paperdeck")
        package.mkdir()
        for place in (ROOT / "tui", ROOT / "storage", *(ROOT / ".paperdeck").glob("*.py")):
            (package / place.name).symlink_to(place)
        yield os.environ | {"MYPYPATH": folder}


@contextmanager
def for_tests() -> Iterator[dict[str, str]]:
    """The environment of the tests.

    Bytecode is kept in one folder for all the processes that the tests start: where PYTHONDONTWRITEBYTECODE is set,
    each would compile the program again, which takes half of the time. The tests' own folders are in memory if there is
    room.
    """
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environ |= {"PYTHONPYCACHEPREFIX": str(ROOT / ".pytest_cache" / "bytecode")}
    if not IN_MEMORY.is_dir() or not os.access(IN_MEMORY, os.W_OK) or shutil.disk_usage(IN_MEMORY).free < ROOM_BYTES:
        yield environ
        return
    with tempfile.TemporaryDirectory(prefix="paperdeck-tests-", dir=IN_MEMORY) as folder:
        yield environ | {"TMPDIR": folder}


def main(pytest_arguments: list[str]) -> int:
    """Run every check, even after one has failed.

    Args:
        pytest_arguments: Arguments for pytest.

    Returns:
        How many checks failed.
    """
    failed = []
    with as_installed() as environ, for_tests() as environ_of_tests:
        beside = {
            name: subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=ROOT,
                env=environ,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            for name, command in CHECKS.items()
        }
        tests = [sys.executable, "-m", *TESTS, *pytest_arguments]
        if subprocess.run(tests, cwd=ROOT, env=environ_of_tests, check=False).returncode:
            failed.append("tests")
        for name, process in beside.items():
            output, _ = process.communicate()
            print(f"── {name}: {' '.join(CHECKS[name])}\n{output}", end="", flush=True)
            if process.returncode:
                failed.append(name)
    print(f"── failed: {', '.join(failed)}" if failed else "── all checks passed", flush=True)
    return len(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
