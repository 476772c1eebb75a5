"""Copying goes down the ladder until something works, and says truthfully what that was."""

from __future__ import annotations

import asyncio
import base64
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pyperclip
import pytest

from paperdeck.storage.errors import ActionFailed
from paperdeck.tui import clipboard
from paperdeck.tui.clipboard import OSC52_LIMIT, Copied, Way, copy, osc52

TEXT = "@misc{lovelace2026,\n  title = {Größe und 深度},\n}"
SSH = {"SSH_CONNECTION": "127.0.0.1 50000 127.0.0.1 22"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "copied.txt"


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What reached the clipboard program, which works."""
    texts: list[str] = []
    monkeypatch.setattr(pyperclip, "copy", texts.append)
    return texts


@pytest.fixture(params=[pyperclip.PyperclipException("none found"), OSError("gone"), ValueError("too long")])
def no_program(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no clipboard program, or it fails."""

    def fail(text: str) -> None:
        raise request.param

    monkeypatch.setattr(pyperclip, "copy", fail)


@pytest.fixture
def hanging_program(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The clipboard program does not come back in time."""
    let_go = threading.Event()
    monkeypatch.setattr(pyperclip, "copy", lambda text: let_go.wait())
    monkeypatch.setattr(clipboard, "TIME_LIMIT_SECONDS", 0.01)
    yield
    let_go.set()


def left_in(file: Path) -> str | None:
    return file.read_text(encoding="utf-8") if file.exists() else None


# -- the ladder ------------------------------------------------------------------------------------------------------


async def test_a_clipboard_that_works_is_enough(copied: list[str], file: Path) -> None:
    written: list[str] = []
    result = await copy(TEXT, written.append, file, {})
    assert result == Copied(Way.PROGRAM)
    assert copied == [TEXT]
    assert not written
    assert left_in(file) is None
    assert result.sentence("the link") == "Copied the link"


async def test_without_a_program_the_terminal_is_asked_and_a_file_written(no_program: None, file: Path) -> None:
    written: list[str] = []
    result = await copy(TEXT, written.append, file, {})
    assert result == Copied(Way.TERMINAL, file)
    assert written == [osc52(TEXT, {})]
    assert left_in(file) == TEXT
    assert result.sentence("the link") == f"Sent to the terminal, unconfirmed; also in {file}: the link"


async def test_a_program_that_hangs_is_not_waited_for(hanging_program: None, file: Path) -> None:
    result = await copy(TEXT, [].append, file, {})
    assert result.way is Way.TERMINAL


async def test_without_a_terminal_there_is_the_file(no_program: None, file: Path) -> None:
    result = await copy(TEXT, None, file, {})
    assert result == Copied(Way.FILE, file)
    assert result.sentence("the link") == f"No clipboard found; saved in {file}: the link"


async def test_what_is_too_long_for_the_terminal_goes_to_the_file(no_program: None, file: Path) -> None:
    written: list[str] = []
    result = await copy("x" * (OSC52_LIMIT + 1), written.append, file, {})
    assert result.way is Way.TOO_LONG
    assert not written
    assert result.sentence("137 links") == f"Too long for the terminal’s clipboard; saved in {file}: 137 links"


@pytest.mark.parametrize("environ", [SSH, {"SSH_TTY": "/dev/pts/3"}])
async def test_over_ssh_the_servers_clipboard_is_left_alone(
    environ: dict[str, str], copied: list[str], file: Path
) -> None:
    result = await copy(TEXT, [].append, file, environ)
    assert result.way is Way.TERMINAL
    assert not copied


@pytest.mark.parametrize("display", [{"DISPLAY": "localhost:10"}, {"WAYLAND_DISPLAY": "wayland-0"}])
async def test_over_ssh_with_a_display_the_program_reaches_the_reader(
    display: dict[str, str], copied: list[str], file: Path
) -> None:
    assert (await copy(TEXT, [].append, file, SSH | display)).way is Way.PROGRAM
    assert copied == [TEXT]


async def test_when_nothing_works_that_is_reported(no_program: None, tmp_path: Path) -> None:
    (tmp_path / "state").write_text("in the way")
    with pytest.raises(ActionFailed, match=r"Nothing was copied, as no clipboard answers and .* can't be made"):
        await copy(TEXT, [].append, tmp_path / "state" / "copied.txt", {})


async def test_a_pipe_in_place_of_the_file_is_replaced(no_program: None, file: Path) -> None:
    file.parent.mkdir(exist_ok=True)
    os.mkfifo(file)
    assert (await copy(TEXT, [].append, file, {})).file == file
    assert left_in(file) == TEXT


async def test_a_lone_surrogate_does_not_crash(no_program: None, file: Path) -> None:
    assert (await copy("a\ud800b", [].append, file, {})).file == file
    assert left_in(file) == "a?b"


# -- what is written to the terminal ---------------------------------------------------------------------------------


def payload(sequence: str) -> str:
    """The text that a terminal would find in a sequence."""
    found = re.search(r"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07", sequence)
    assert found
    return base64.b64decode(found[1]).decode()


@pytest.mark.parametrize("environ", [{}, {"TERM": "xterm-256color"}, {"TERM": "foot"}])
def test_a_terminal_gets_the_text_plainly(environ: dict[str, str]) -> None:
    sequence = osc52(TEXT, environ)
    assert re.fullmatch(r"\x1b\]52;c;[A-Za-z0-9+/=]*\x07", sequence)
    assert payload(sequence) == TEXT


def test_tmux_gets_the_text_plainly_and_is_asked_to_pass_it_on() -> None:
    sequence = osc52(TEXT, {"TMUX": "/tmp/tmux-1000/default,1,0", "TERM": "tmux-256color"})
    plain, start, wrapped = sequence.partition("\x1bPtmux;")
    assert payload(plain) == TEXT
    assert start and wrapped.endswith("\x1b\\")
    assert wrapped.removesuffix("\x1b\\").replace("\x1b\x1b", "\x1b") == plain


@pytest.mark.parametrize("environ", [{"STY": "1.pts-0.host"}, {"TERM": "screen.xterm-256color"}])
def test_screen_gets_pieces_that_it_does_not_drop(environ: dict[str, str]) -> None:
    sequence = osc52(TEXT * 100, environ)
    pieces = re.findall(r"\x1bP(.*?)\x1b\\", sequence, re.DOTALL)
    assert sequence == "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)
    assert all(len(piece) < 768 for piece in pieces)
    assert payload("".join(pieces)) == TEXT * 100


@pytest.mark.parametrize("term", ["linux", "dumb", "vt100"])
def test_a_terminal_without_a_clipboard_gets_nothing(term: str) -> None:
    assert osc52(TEXT, {"TERM": term}) == ""


def test_a_text_of_the_largest_size_is_still_sent() -> None:
    assert payload(osc52("x" * OSC52_LIMIT, {})) == "x" * OSC52_LIMIT


def test_what_is_copied_cannot_end_the_sequence() -> None:
    sequence = osc52("\x07\x1b\\\x9c", {})
    assert sequence.count("\x07") == sequence.count("\x1b") == 1


def test_the_sentence_names_what_was_copied(file: Path) -> None:
    ways = [Copied(Way.PROGRAM), Copied(Way.FILE, file), Copied(Way.TERMINAL, file)]
    assert all("the BibTeX entry" in copied.sentence("the BibTeX entry") for copied in ways)


# -- tmux, which passes nothing on unless configured to --------------------------------------------------------------

IN_TMUX = {"TMUX": "/tmp/tmux-1000/default,1,0", "TERM": "tmux-256color"}


@pytest.mark.parametrize(
    ("clipboard_option", "passthrough", "blocks"),
    [("external", "off", True), ("off", "off", True), ("on", "off", False), ("external", "on", False), ("", "", False)],
)
async def test_what_tmux_keeps_to_itself_is_reported_with_the_remedy(
    clipboard_option: str, passthrough: str, blocks: bool, no_program: None, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a tmux before 3.2 has its default, nothing is copied."""
    monkeypatch.setattr(clipboard, "_by_tmux", lambda text, environ: False)
    options = {"set-clipboard": clipboard_option, "allow-passthrough": passthrough}
    monkeypatch.setattr(clipboard, "_tmux_option", lambda scope, name, environ: options[name])
    result = await copy(TEXT, [].append, file, IN_TMUX)
    assert result.way is (Way.BLOCKED if blocks else Way.TERMINAL)
    sentence = result.sentence("the link")
    assert sentence.startswith("Not copied: tmux needs “set -g set-clipboard on”" if blocks else "Sent to the terminal")


def test_a_tmux_that_cannot_be_asked_is_not_blamed(tmp_path: Path) -> None:
    assert not clipboard.tmux_blocks({**IN_TMUX, "PATH": str(tmp_path)})


@pytest.mark.skipif(not shutil.which("tmux"), reason="there is no tmux here")
def test_a_real_tmux_takes_what_it_would_keep_from_the_terminal(tmp_path: Path, no_program: None, file: Path) -> None:
    socket = str(tmp_path / "socket")
    environ = {"PATH": os.environ["PATH"], "TMUX": f"{socket},1,0"}
    subprocess.run(["tmux", "-S", socket, "-f", "/dev/null", "new", "-d", "sleep 60"], check=True)
    try:
        assert clipboard.tmux_blocks(environ)
        result = asyncio.run(copy(TEXT, [].append, file, environ))
        assert result.sentence("the link").startswith("Copied into tmux’s buffer, prefix ] pastes it; also in ")
        shown = subprocess.run(["tmux", "-S", socket, "show-buffer"], check=True, capture_output=True, text=True)
        assert shown.stdout == TEXT
        long = "x" * (OSC52_LIMIT + 1)
        assert asyncio.run(copy(long, [].append, file, environ)).way is Way.TMUX, "its buffer takes any length"
        shown = subprocess.run(["tmux", "-S", socket, "show-buffer"], check=True, capture_output=True, text=True)
        assert shown.stdout == long
        subprocess.run(["tmux", "-S", socket, "set", "-g", "set-clipboard", "on"], check=True)
        assert not clipboard.tmux_blocks(environ)
    finally:
        subprocess.run(["tmux", "-S", socket, "kill-server"], check=False)


def test_the_way_comes_first_and_fits_the_narrowest_screen() -> None:
    file = Path("/home/somebody/.local/state/paperdeck/copied.txt")
    for copied in (Copied(Way.FILE, file), Copied(Way.TERMINAL, file), Copied(Way.BLOCKED, file)):
        assert "https" not in copied.sentence("https://example.org/")[:40]
