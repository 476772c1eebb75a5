"""Choosing what runs subscriptions on this machine."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from paperdeck.storage.settings.paths import expanded

from .crontab import Crontab
from .scheduler import Call, Run, Scheduler, passed_on, run_program
from .systemd import Systemd


def find_schedulers(call: Call, *, environ: Mapping[str, str] = os.environ, run: Run = run_program) -> list[Scheduler]:
    """What can run subscriptions here, the best first; empty where there is neither systemd nor cron.

    Args:
        call: How a run calls paperdeck.
        environ: Where programs and the home are looked up.
        run: Runs programs.
    """
    path = environ.get("PATH")
    schedulers: list[Scheduler] = []
    if shutil.which("systemctl", path=path) and run(["systemctl", "--user", "show-environment"], "").returncode == 0:
        config = environ.get("XDG_CONFIG_HOME") or expanded("~/.config")
        schedulers.append(Systemd(Path(config) / "systemd" / "user", call, run))
    if shutil.which("crontab", path=path):
        schedulers.append(Crontab(call, run))
    return schedulers


def call_of_this(environ: Mapping[str, str] = os.environ) -> Call:
    """How this very paperdeck is called again."""
    script = Path(sys.argv[0])
    named = script.stem == "paperdeck" and script.is_file() and os.access(script, os.X_OK)
    program = (str(script.absolute()),) if named else (sys.executable, "-m", "paperdeck.tui")
    return Call(program, passed_on(environ))
