"""What every scheduler of a system has in common."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from paperdeck.storage.errors import ActionFailed
from paperdeck.storage.text.clean import clean_line

from .subscription import Subscription

Run = Callable[[Sequence[str], str], "subprocess.CompletedProcess[str]"]
"""Runs a program with some text as its input. Tests give one that only notes what was asked."""

PASSED_ON = (
    *("PAPERDECK_HOME", "HF_ENDPOINT", "PAPERDECK_ARXIV_ENDPOINT", "HF_HOME"),
    *("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"),
)
"""Variables that a run needs to find the same library; none of them is a secret."""

_PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Call:
    """How a run calls paperdeck."""

    program: tuple[str, ...]
    """The words before the name of the command, the first an absolute path."""
    environ: Mapping[str, str]
    """The variables that are set for it."""


class Scheduler(Protocol):
    """What can run something at a time of day."""

    @property
    def name(self) -> str:
        """What it is called, in a sentence."""

    def plan(self, subscription: Subscription) -> str:
        """Exactly what would be installed, as text to show."""

    def install(self, subscription: Subscription) -> bool:
        """Install a subscription in the place of an older one with its id. False: it was there already.

        Raises:
            ActionFailed: it did not work; nothing is half installed.
        """

    def installed(self) -> list[Subscription]:
        """What is installed, by id."""

    def remove(self, subscription_id: str) -> bool:
        """Take a subscription out. False: there is none.

        Raises:
            ActionFailed: it did not work.
        """


def run_program(words: Sequence[str], text: str) -> subprocess.CompletedProcess[str]:
    """Run a program; how it ended is for the caller to judge.

    Raises:
        ActionFailed: it can't be run, or does not end.
    """
    try:
        return subprocess.run(list(words), input=text, capture_output=True, text=True, timeout=_PATIENCE, check=False)
    except subprocess.TimeoutExpired as error:
        raise ActionFailed(f"{words[0]} did not end within {_PATIENCE:.0f} seconds.") from error
    except (OSError, ValueError) as error:
        raise ActionFailed(f"{words[0]} can't be run: {error}.") from error


def checked(run: Run, words: Sequence[str], text: str = "") -> None:
    """Run a program that has to succeed.

    Raises:
        ActionFailed: it did not.
    """
    done = run(words, text)
    if done.returncode:
        said = clean_line(done.stderr or done.stdout)[:200] or f"code {done.returncode}"
        raise ActionFailed(f"“{shlex.join(words)}” failed: {said}.")


def passed_on(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables of an environment that a run needs."""
    return {name: environ[name] for name in PASSED_ON if environ.get(name, "").strip() and environ[name].isprintable()}


def shell_line(subscription: Subscription, call: Call) -> str:
    """The command of a run for a shell."""
    variables = [f"{name}={value}" for name, value in call.environ.items()]
    return shlex.join([*(["env", *variables] if variables else []), *subscription.command(call.program)])
