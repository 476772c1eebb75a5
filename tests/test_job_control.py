"""ctrl+z only leaves the screen where a shell would bring it back."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import paperdeck.tui as tui

CODE = "from paperdeck.tui.job_control import has_job_control; print(has_job_control())"


def answer(command: list[str], *, as_job: bool = False) -> str:
    """What a process that leads a session, or a job of a shell, prints."""
    environ = {"PYTHONPATH": str(Path(tui.__file__).parent.parent), "PATH": "/usr/bin:/bin"}
    way: dict[str, Any] = {"process_group": 0} if as_job else {"start_new_session": True}
    return subprocess.run(command, capture_output=True, text=True, check=True, env=environ, **way).stdout.strip()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no sessions on Windows")
def test_a_program_that_leads_its_session_or_was_started_by_a_script_has_no_shell_to_go_back_to() -> None:
    """`xterm -e paperdeck`, `tmux new "paperdeck; …"`."""
    assert answer([sys.executable, "-c", CODE]) == "False"
    assert answer(["sh", "-c", f'{sys.executable} -c "{CODE}"; true']) == "False"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no sessions on Windows")
def test_a_job_of_a_shell_has_one_to_go_back_to() -> None:
    assert answer([sys.executable, "-c", CODE], as_job=True) == "True"


def test_windows_has_no_job_control(monkeypatch: pytest.MonkeyPatch) -> None:
    from paperdeck.tui.job_control import has_job_control

    monkeypatch.setattr(sys, "platform", "win32")
    assert not has_job_control()
