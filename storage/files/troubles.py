"""Messages about files that are damaged or can't be read."""

from __future__ import annotations


class Troubles(list[str]):
    """Messages about damage, without repetitions. Clear the list after showing it."""

    def __init__(self) -> None:
        super().__init__()
        self.left: list[str] = []
        """Messages about damage not repaired."""

    def tell(self, sentence: str) -> None:
        """Add a message about a repair."""
        if sentence not in self:
            self.append(sentence)

    def complain(self, sentence: str) -> None:
        """Add a message about damage that the reader has to repair."""
        self.tell(sentence)
        if sentence not in self.left:
            self.left.append(sentence)
