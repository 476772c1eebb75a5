"""Choosing what runs subscriptions on this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from paperdeck.storage.files.disk import is_file
from paperdeck.storage.files.locks import WriterLock
from paperdeck.storage.settings.places import Places

from .crontab import Crontab
from .scheduler import Call, Run, passed_on, run_program, shell_line
from .subscription import WEEKDAYS, Subscription


def find_crontab(call: Call, *, environ: Mapping[str, str] = os.environ, run: Run = run_program) -> Crontab | None:
    """The reader's crontab; None if there is no cron.

    Args:
        call: The command that calls paperdeck.
        environ: The environment, to find the program and the folder of the lock.
        run: Runs programs.
    """
    if not shutil.which("crontab", path=environ.get("PATH")):
        return None
    return Crontab(call, run, WriterLock(Places.find(environ).state / "locks" / "crontab.lock"))


def without_crontab(subscription: Subscription, call: Call, platform: str = sys.platform) -> str:
    """The exact command for the platform's own scheduler or, where we know none, the command to be scheduled."""
    if platform != "win32":
        return shell_line(subscription, call)
    when = subscription.schedule
    days = ["/SC", "DAILY"] if when.weekday is None else ["/SC", "WEEKLY", "/D", WEEKDAYS[when.weekday].upper()]
    task = subprocess.list2cmdline(subscription.command(call.program))
    time = f"{when.hour:02}:{when.minute:02}"
    return subprocess.list2cmdline(
        ["schtasks", "/Create", "/TN", f"paperdeck-{subscription.id}", *days, "/ST", time, "/TR", task]
    )


def own_call(environ: Mapping[str, str] = os.environ) -> Call:
    """The command that calls this installation of paperdeck."""
    script = Path(sys.argv[0])
    named = script.stem == "paperdeck" and is_file(script) and os.access(script, os.X_OK)
    program = (str(script.absolute()),) if named else (sys.executable, "-m", "paperdeck.tui")
    return Call(program, passed_on(environ))
