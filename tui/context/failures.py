"""Reports failures: the failed task, the reason, and the key that tries again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from paperdeck.storage.errors import PaperdeckError, SourceError
from paperdeck.tui.keys import with_keys

running: ContextVar[str] = ContextVar("the keys of the action that runs, as `{star}`", default="")
"""Work started by an action inherits it."""


class Failures:
    """Shows failures on the bottom line."""

    def __init__(self, say: Callable[..., None], key_of: Callable[[str], str]) -> None:
        self._say, self._key_of = say, key_of

    @contextmanager
    def telling(self, again: str = "") -> Iterator[None]:
        """Report errors raised inside the context, and continue after it.

        Args:
            again: The keys that try again, as `{star}`; empty: those of the running action.
        """
        try:
            yield
        except PaperdeckError as error:
            self._say(self._in_words(error, again or running.get()), severe=True)

    def tell(self, errors: Sequence[PaperdeckError], action_id: str) -> None:
        """Report why something failed that an action can try again; each reason once, on its own line."""
        sentences = dict.fromkeys(self._in_words(error, f"{{{action_id}}}") for error in errors)
        self._say("\n".join(sentences), severe=True)

    def _in_words(self, error: PaperdeckError, again: str) -> str:
        if not again or not isinstance(error, SourceError):
            return str(error)
        return error.sentence(again=with_keys(f"{again} tries again", self._key_of))
