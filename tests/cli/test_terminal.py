"""Where the reader opens, and what it says where it can't."""

from __future__ import annotations

import sys
from io import BytesIO, TextIOWrapper

import pytest

from paperdeck.tui.__main__ import main
from paperdeck.tui.cli.app import encodes_symbols, why_it_cannot_draw


class Terminal:
    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("__stdin__", "__stdout__", "__stderr__"):
        monkeypatch.setattr(sys, name, Terminal())


@pytest.mark.parametrize("name", ["xterm-256color", "xterm-kitty", "tmux-256color", "screen", "linux", "foot", "vt100"])
def test_a_known_terminal_will_do(terminal: None, name: str) -> None:
    assert why_it_cannot_draw({"TERM": name}) is None


@pytest.mark.parametrize("name", ["", "dumb", "unknown", "nosuchterm", "x" * 5000, "a/../b", "\udcff"])
def test_another_is_named_with_a_remedy(terminal: None, name: str) -> None:
    why = why_it_cannot_draw({"TERM": name}) or ""
    assert "TERM" in why
    assert "xterm-256color" in why
    assert len(why) < 160


@pytest.mark.parametrize(
    ("encoding", "draws", "written"),
    [("utf-8", True, "a ★ é"), ("latin-1", False, "a ? é"), ("ascii", False, "a ? ?")],
)
def test_an_encoding_without_our_symbols_gets_none(encoding: str, draws: bool, written: str) -> None:
    """In a Latin-1 locale the screen was full of “\\u258f”, six cells each."""
    raw = BytesIO()
    screen = TextIOWrapper(raw, encoding, errors="backslashreplace", write_through=True)
    assert encodes_symbols(screen) == draws
    screen.write("a ★ é")
    assert raw.getvalue().decode(encoding) == written


@pytest.mark.parametrize("name", ["__stdin__", "__stdout__", "__stderr__"])
def test_every_stream_has_to_be_a_terminal(
    terminal: None, monkeypatch: pytest.MonkeyPatch, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, name, None)
    assert main([]) == 2
    assert "needs a terminal" in capsys.readouterr().err
