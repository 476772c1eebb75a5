"""What can go wrong, as one family of errors whose text is meant for the reader.

    PaperdeckError
    ├── InvalidInput        what was typed can't be used: an id, a query, a date, a setting
    │   └── FileInTheWay    a file that isn't ours is where we shall write
    ├── StoreError          a file of ours can't be read or written
    │   └── NoteChanged     a note is no longer the one that the reader began to edit
    ├── SourceError         a source (the Hub, arXiv) did not give a usable answer
    │   ├── NotFound        it answered, and does not know the paper
    │   ├── Refused         it answered, and refuses the request
    │   ├── Unreachable     it did not answer: no network, or it is down
    │   ├── NotAsked        no request went out: the environment forbids it or can't be used
    │   └── RateLimited     it asked us to wait longer than we are willing to
    └── ActionFailed        copying, opening, sending or installing did not work

Each message is one sentence: the thing, the reason and the way out. The command line prints it and ends with code 1
(2 for InvalidInput); the app shows it as a notice. Any other exception is a bug and is left loud.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class PaperdeckError(Exception):
    """The base of all errors that a reader is meant to see."""


class InvalidInput(PaperdeckError):
    """What the reader gave can't be used."""


class FileInTheWay(InvalidInput):
    """A regular file that isn't ours is in the way; it may be replaced if the reader agrees."""

    def __init__(self, path: Path, reason: str = "already exists") -> None:
        super().__init__(f"{path} {reason}; choose another name.")
        self.path = path
        """The file."""


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

    The message is made of parts, so that a screen can put its own way out behind them: “Could not download the PDF: no
    connection (arxiv.org). D tries again.”
    """

    may_pass = True
    """Whether the same request may succeed later."""

    def __init__(self, reason: str, *, deed: str = "", way_out: str = "") -> None:
        """A failure, in parts.

        Args:
            reason: What went wrong, with the host named once: `no connection (arxiv.org)`. Without a deed it is the
                whole message, a sentence.
            deed: What could not be done, as it follows “Could not”: `download the PDF`.
            way_out: What the user can do about it, without a final stop; empty when only trying again helps.
        """
        super().__init__(reason)
        self.reason, self.deed, self.way_out = reason, deed, way_out

    def sentence(self, *, deed: str = "", again: str = "Try again later") -> str:
        """The message for the user: deed, reason and way out.

        Args:
            deed: Replaces the error's own deed.
            again: The way out where nothing but trying again helps, such as `D tries again`.
        """
        deed = deed or self.deed
        if not deed:
            return self.reason
        reason = self.reason.rstrip(".")
        way_out = self.way_out or (again if self.may_pass else "")
        return f"Could not {deed}: {reason}." + (f" {way_out}." if way_out else "")

    def __str__(self) -> str:
        return self.sentence()


class NotFound(SourceError):
    """The source answered that it does not have the paper."""

    may_pass = False


class Refused(SourceError):
    """The source answered, and refuses the request; asking again would not help."""

    may_pass = False


class Unreachable(SourceError):
    """The source did not answer: there is no network, or it is down."""


class NotAsked(SourceError):
    """No request went out: the environment forbids it (HF_HUB_OFFLINE), or its proxy or certificates can't be used."""

    may_pass = False


class RateLimited(SourceError):
    """The source asks for a longer wait than the request is worth."""

    def __init__(self, reason: str, wait: float, *, deed: str = "", way_out: str = "") -> None:
        super().__init__(reason, deed=deed, way_out=way_out or f"Try again in {max(1, round(wait))} s")
        self.wait = wait
        """How long the source asks to wait, in seconds."""


class ActionFailed(PaperdeckError):
    """Something outside the library (clipboard, browser, mail) did not work."""
