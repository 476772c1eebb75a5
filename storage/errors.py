"""The errors that readers see, as one family.

    PaperdeckError
    ├── InvalidInput        what was typed can't be used: an id, a query, a date, a setting
    │   ├── FileInTheWay    a file that isn't ours is where we want to write
    │   └── SettingsNeeded  the settings lack what it needs
    ├── StoreError          a file of ours can't be read or written
    │   └── NoteChanged     a note is no longer the one that the reader began to edit
    ├── SourceError         a source (the Hub, arXiv) gave no usable answer
    │   ├── NotFound        it answered that it doesn't have the paper
    │   │   └── NoArxivId   nothing was asked, as no arXiv id is known for an imported paper
    │   ├── Refused         it answered and refused the request
    │   ├── Unreachable     it did not answer: no network, or it is down
    │   ├── NotSent         no request went out: the environment forbids it or can't be used
    │   └── RateLimited     it demands a longer wait than the request is worth
    └── ActionFailed        copying, opening, sending or installing did not work

Each message is one sentence: what failed, why, and what to do. The command line prints it and exits with code 1
(2 for InvalidInput); the app shows it as a message. Any other exception is a bug and is never caught silently.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


NO_ARXIV_ID = "no arXiv id is known for this imported paper"
"""Why an imported paper has no text, no PDF and no discussion: it wasn't looked up, wasn't found, or isn't on arXiv."""
IMPORT_AGAIN = "Importing its file again looks for it by title, and keeps your marks"
"""What the reader can do about it."""


class PaperdeckError(Exception):
    """The base of all errors that readers see."""


class InvalidInput(PaperdeckError):
    """Input that can't be used."""


class FileInTheWay(InvalidInput):
    """A regular file that isn't ours is in the way; it may be replaced if the reader agrees."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} already exists; choose another name.")
        self.path = path
        """The file."""


class SettingsNeeded(InvalidInput):
    """The settings lack something; the message ends with the lines to add."""

    def __init__(self, sentence: str, lines: str) -> None:
        super().__init__(f"{sentence}\n{lines}")
        self.sentence = sentence
        """What is missing, and what to do."""
        self.lines = lines
        """What to add to the settings, in TOML."""


class StoreError(PaperdeckError):
    """A file of the library can't be read or written; what was there before stays."""


class NoteChanged(StoreError):
    """The note of a paper was changed elsewhere while it was being edited; nothing was saved."""

    def __init__(self, note: str) -> None:
        super().__init__("The note was changed elsewhere while you edited it; yours is not saved yet.")
        self.note = note
        """The note as it is now."""


class SourceError(PaperdeckError):
    """A source gave no usable answer.

    The message has parts, so that a screen can add its own remedy: “Could not download the PDF: no connection
    (arxiv.org). D tries again.”
    """

    is_transient = True
    """Whether the same request may succeed later."""

    def __init__(self, reason: str, *, task: str = "", remedy: str = "") -> None:
        """A failure, in parts.

        Args:
            reason: What went wrong, naming the host once: `no connection (arxiv.org)`. Without a task it is the whole
                message, a sentence.
            task: The failed action, as it follows “Could not”: `download the PDF`.
            remedy: What the reader can do, without a final full stop; empty if only another try helps.
        """
        super().__init__(reason)
        self.reason, self.task, self.remedy = reason, task, remedy

    def sentence(self, *, again: str = "Try again later") -> str:
        """The message for the reader: task, reason and remedy.

        Args:
            again: The remedy if only another try helps, such as `D tries again`.
        """
        if not self.task:
            return self.reason
        reason = self.reason.rstrip(".")
        remedy = self.remedy or (again if self.is_transient else "")
        return f"Could not {self.task}: {reason}." + (f" {remedy}." if remedy else "")

    def __str__(self) -> str:
        return self.sentence()


class NotFound(SourceError):
    """The source answered that it does not have the paper."""

    is_transient = False


class NoArxivId(NotFound):
    """No arXiv id is known for an imported paper, so no source can be asked about it."""

    def __init__(self, *, task: str) -> None:
        super().__init__(NO_ARXIV_ID, task=task, remedy=IMPORT_AGAIN)


class Refused(SourceError):
    """The source refused the request; another try would not help."""

    is_transient = False


class Unreachable(SourceError):
    """The source did not answer: there is no network, or it is down."""


class NotSent(SourceError):
    """No request went out: the environment forbids it (HF_HUB_OFFLINE), or its proxy or certificates can't be used."""

    is_transient = False


class RateLimited(SourceError):
    """The source demands a longer wait than the request is worth."""

    def __init__(self, reason: str, wait: float, *, task: str = "") -> None:
        super().__init__(reason, task=task, remedy=f"Try again in {max(1, round(wait))} s")
        self.wait = wait
        """The wait that the source demands, in seconds."""


class ActionFailed(PaperdeckError):
    """Something outside the library (clipboard, browser, mail) did not work."""
