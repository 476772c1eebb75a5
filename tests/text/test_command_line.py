"""Commands on one line become words as their platform reads them."""

from __future__ import annotations

import sys

import pytest

from paperdeck.storage.text.command_line import words_of


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (r'"C:\Program Files\ed\ed.exe" --wait', [r"C:\Program Files\ed\ed.exe", "--wait"]),
        (r"C:\ed\ed.exe -n", [r"C:\ed\ed.exe", "-n"]),
        (r"C:\bin\pass.exe show mail", [r"C:\bin\pass.exe", "show", "mail"]),
    ],
)
def test_on_windows_backslashes_stay(command: str, words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert words_of(command) == words


def test_elsewhere_words_are_those_of_a_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    assert words_of(r"pass show 'my mail' a\ b") == ["pass", "show", "my mail", "a b"]
