"""The box above the list, in which a query is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Input

if TYPE_CHECKING:
    from paperdeck.tui.model.session import Session


class FilterBox(Input):
    """Narrows the session's results by what is typed."""

    def __init__(self, session: Session, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(placeholder="/ filter", id=id, compact=True, select_on_focus=False)
        self._session = session

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._session.results.narrow(self.value)  # the event may be about an older one

    def show(self) -> None:
        """Show the filter of the results, and whether it can be understood."""
        results = self._session.results
        if self.value != results.text:
            self.value = results.text
            self.cursor_position = len(results.text)
        self.set_class(bool(results.text), "-used")
        self.set_class(bool(results.wrong), "-wrong")
