"""Subscriptions as timers of systemd for the user (systemd.timer(5), systemd.service(5), systemd.syntax(7))."""

from __future__ import annotations

from pathlib import Path

from paperdeck.storage.errors import ActionFailed, PaperdeckError
from paperdeck.storage.files.atomic import reason_for, write_file

from .scheduler import Call, Run, checked
from .subscription import WEEKDAYS, Schedule, Subscription, as_comment, from_comment

_PREFIX = "paperdeck-digest-"
_MARK = "# paperdeck: "
_SERVICE = """\
# Written by “paperdeck subscribe”; “paperdeck unsubscribe {id}” removes it.
[Unit]
Description=paperdeck digest {id}
StartLimitIntervalSec=3h
StartLimitBurst=3

[Service]
Type=oneshot
{environment}ExecStart={command}
Restart=on-failure
RestartSec=20min
RestartPreventExitStatus=2
"""
_TIMER = """\
# Written by “paperdeck subscribe”; “paperdeck unsubscribe {id}” removes it.
{mark}{comment}
[Unit]
Description=paperdeck digest {id}, {schedule}

[Timer]
OnCalendar={calendar}
Persistent=true

[Install]
WantedBy=timers.target
"""


_LINGER = "# It runs while you are logged in; “loginctl enable-linger” lets it run without."


class Systemd:
    """The reader's own systemd. A run that was missed while the machine was off is made up for."""

    name = "a systemd timer"

    def __init__(self, folder: Path, call: Call, run: Run) -> None:
        """A systemd that reads units from a folder.

        Args:
            folder: Usually `~/.config/systemd/user`.
            call: How a run calls paperdeck.
            run: Runs systemctl.
        """
        self._folder = folder
        self._call = call
        self._run = run

    def plan(self, subscription: Subscription) -> str:
        """The two files, the commands that make systemd read them, and when it runs."""
        files = [f"{path}\n{_indented(text)}" for path, text in self._files(subscription).items()]
        commands = "\n".join(f"$ {' '.join(words)}" for words in _enabling(subscription.id))
        return "\n".join([*files, commands, _LINGER])

    def install(self, subscription: Subscription) -> bool:
        """Write the files and start the timer; see Scheduler.install."""
        files = self._files(subscription)
        before = {path: _text_of(path) for path in files}
        if before != files:
            self._write(files)
        try:
            for words in _enabling(subscription.id):
                checked(self._run, words)
        except PaperdeckError:
            self._restore(before)
            raise
        return before != files

    def installed(self) -> list[Subscription]:
        """What the timers in the folder say they are."""
        texts = (_text_of(path) or "" for path in sorted(self._folder.glob(f"{_PREFIX}*.timer")))
        lines = (line.removeprefix(_MARK) for text in texts for line in text.splitlines() if line.startswith(_MARK))
        return [subscription for line in lines if (subscription := from_comment(line))]

    def remove(self, subscription_id: str) -> bool:
        """Stop the timer and remove its files; see Scheduler.remove."""
        timer, service = (self._path(subscription_id, kind) for kind in ("timer", "service"))
        if not timer.exists():
            return False
        checked(self._run, ["systemctl", "--user", "disable", "--now", timer.name])
        for path in (timer, service):
            path.unlink(missing_ok=True)
        checked(self._run, ["systemctl", "--user", "daemon-reload"])
        return True

    def _path(self, subscription_id: str, kind: str) -> Path:
        return self._folder / f"{_PREFIX}{subscription_id}.{kind}"

    def _files(self, subscription: Subscription) -> dict[Path, str]:
        environment = "".join(
            f"Environment={quoted(f'{name}={value}', variables=False)}\n" for name, value in self._call.environ.items()
        )
        command = " ".join(map(quoted, subscription.command(self._call.program)))
        values = {"id": subscription.id, "environment": environment, "command": command, "mark": _MARK}
        values |= {"comment": as_comment(subscription), "schedule": str(subscription.schedule)}
        values["calendar"] = calendar_of(subscription.schedule)
        texts = {"service": _SERVICE, "timer": _TIMER}
        return {self._path(subscription.id, kind): text.format(**values) for kind, text in texts.items()}

    def _write(self, files: dict[Path, str]) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ActionFailed(f"{self._folder} can't be made: {reason_for(error)}.") from error
        for path, text in files.items():
            write_file(path, text.encode())

    def _restore(self, before: dict[Path, str | None]) -> None:
        for path, text in before.items():
            if text is None:
                path.unlink(missing_ok=True)
            else:
                write_file(path, text.encode())


def quoted(word: str, *, variables: bool = True) -> str:
    """A word for a line of a unit, so that it is taken as it is.

    Args:
        word: One line of text.
        variables: Whether `$` would be replaced there, as in ExecStart=.
    """
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped.replace("$", "$$") if variables else escaped}"'


def calendar_of(schedule: Schedule) -> str:
    """A schedule as systemd.time(7) writes it."""
    day = "" if schedule.weekday is None else f"{WEEKDAYS[schedule.weekday]} "
    return f"{day}*-*-* {schedule.hour:02}:{schedule.minute:02}:00"


def _enabling(subscription_id: str) -> list[list[str]]:
    timer = f"{_PREFIX}{subscription_id}.timer"
    return [["systemctl", "--user", "daemon-reload"], ["systemctl", "--user", "enable", "--now", timer]]


def _text_of(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise ActionFailed(f"{path} can't be read: {error}.") from error


def _indented(text: str) -> str:
    return "".join(f"    {line}\n" if line else "\n" for line in text.splitlines())
