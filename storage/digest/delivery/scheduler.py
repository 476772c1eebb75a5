"""The command of a scheduled run: the program, the environment variables that it needs, and how to schedule it."""

from __future__ import annotations

import logging
import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from paperdeck.storage.errors import ActionFailed
from paperdeck.storage.files.disk import is_file
from paperdeck.storage.settings.places import absolute
from paperdeck.storage.text.clean import clean_line

from .subscription import WEEKDAYS, Subscription, is_one_line

Run = Callable[[Sequence[str], str], "subprocess.CompletedProcess[str]"]
"""Runs a program with a text as its input. Tests pass one that only records its calls."""

PASSED_ON = (
    *("PAPERDECK_HOME", "HF_ENDPOINT", "PAPERDECK_ARXIV_ENDPOINT", "HF_HOME", "HF_TOKEN_PATH"),
    *("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "SSL_CERT_FILE", "SSL_CERT_DIR"),
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy"),
)
"""Variables that a run needs to find the same library and the same network. cron doesn't pass on the shell's."""
_PATHS = frozenset({"PAPERDECK_HOME", "HF_HOME", "HF_TOKEN_PATH", "SSL_CERT_FILE", "SSL_CERT_DIR"})
"""Those with paths, which are passed on from the root on, as cron works in another folder. Relative paths in XDG
variables are passed on as they are: they are ignored, here and there."""

_TIMEOUT_SECONDS = 30.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Call:
    """The command of a scheduled run."""

    program: tuple[str, ...]
    """The words before the command's name; the first is an absolute path."""
    environ: Mapping[str, str]
    """Its environment variables."""


def own_call(environ: Mapping[str, str] = os.environ) -> Call:
    """The command that calls this installation of paperdeck."""
    script = Path(sys.argv[0])
    named = script.stem == "paperdeck" and is_file(script) and os.access(script, os.X_OK)
    program = (str(script.absolute()),) if named else (sys.executable, "-m", "paperdeck.tui")
    return Call(program, passed_on(environ))


def run_program(words: Sequence[str], text: str) -> subprocess.CompletedProcess[str]:
    """Run a program; the caller checks the exit code. Ends of lines and file names that aren't UTF-8 pass unchanged.

    Raises:
        ActionFailed: it can't be run, or does not end.
    """
    try:
        given = text.encode("utf-8", "surrogateescape")
        done = subprocess.run(list(words), input=given, capture_output=True, timeout=_TIMEOUT_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise ActionFailed(f"{words[0]} did not end within {_TIMEOUT_SECONDS:.0f} seconds.") from error
    except (OSError, ValueError) as error:
        raise ActionFailed(f"{words[0]} can't be run: {error}.") from error
    out, err = (stream.decode("utf-8", "surrogateescape") for stream in (done.stdout, done.stderr))
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)


def checked(run: Run, words: Sequence[str], text: str = "") -> None:
    """Run a program that must succeed.

    Raises:
        ActionFailed: it failed.
    """
    done = run(words, text)
    _log.info("%s ended with %d", shlex.join(words), done.returncode)
    if done.returncode:
        reason = clean_line(done.stderr or done.stdout)[:200] or f"code {done.returncode}"
        raise ActionFailed(f"“{shlex.join(words)}” failed: {reason}.")


def passed_on(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment variables that a run needs and that are not secret.

    Raises:
        InvalidInput: a path among them can't be made absolute.
    """
    secret = withheld(environ)
    values = {name: environ[name] for name in _set_in(environ) if name not in secret}
    return {name: _rooted(name, value) for name, value in values.items()}


def _rooted(name: str, value: str) -> str:
    """The value of a variable, with paths from the root on."""
    if name not in _PATHS:
        return value
    paths = value.split(os.pathsep) if name == "SSL_CERT_DIR" else [value]
    return os.pathsep.join(str(absolute(path)) if path else "" for path in paths)


def withheld(environ: Mapping[str, str]) -> list[str]:
    """The variables that a run would need but that hold a password, as other users can see a command line."""
    addresses = (name for name in _set_in(environ) if name.lower().endswith(("_proxy", "_endpoint")))
    return [name for name in addresses if "@" in environ[name]]


def _set_in(environ: Mapping[str, str]) -> list[str]:
    return [name for name in PASSED_ON if environ.get(name, "").strip() and is_one_line(environ[name])]


def shell_line(subscription: Subscription, call: Call) -> str:
    """The command of a run for a shell."""
    variables = [f"{name}={value}" for name, value in call.environ.items()]
    return shlex.join([*(["env", *variables] if variables else []), *subscription.command(call.program)])


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
