"""How the reader behaves in a real terminal: it says when it can't draw, cleans up after itself, and no paper gets
hold of the terminal. The tests read the raw bytes that the app writes."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path

import pytest

import paperdeck.tui as tui
from paperdeck.storage.fetch.hub.parser import parse_daily
from paperdeck.storage.library.library import Library
from paperdeck.storage.paper import Paper
from paperdeck.storage.settings.settings import Places
from tests.support.app_tools import fill
from tests.support.hub import item
from tests.support.torture import MARKUP, SEQUENCES, WIDE

pytest.importorskip("pty", reason="there are no pseudo-terminals here")

from tests.bench.terminal import Terminal

MakePaper = Callable[..., Paper]

DAY = date(2026, 11, 20)
ROOT = {"PYTHONPATH": str(Path(tui.__file__).parent.parent)}
READER = [sys.executable, "-m", "paperdeck.tui", "--offline"]
CLEAN_END = [b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?1000l", b"\x1b[?1003l", b"\x1b[?1006l", b"\x1b[?2004l"]
"""Main screen, cursor, mouse, mouse, mouse, paste: all as they were."""


@pytest.fixture
def filled(places: Places, make_paper: MakePaper) -> Places:
    """A library of twelve papers, 2611.00012 first."""
    fill(places, map(make_paper, range(1, 13)))
    return places


def opened(command: Sequence[str] = READER, **environ: str) -> Terminal:
    """A reader that shows its papers and is at rest."""
    terminal = Terminal(command, environ | ROOT, columns=120, rows=40)
    assert terminal.read_until("▲"), "the reader never showed a paper"
    terminal.read_until_quiet(0.25, 5)
    return terminal


def raw(terminal: Terminal) -> bytes:
    return b"".join(data for _, data in terminal.output)


# -- where nothing can be drawn --------------------------------------------------------------------------------------


def test_without_a_terminal_there_is_one_sentence_and_code_2() -> None:
    ran = subprocess.run(READER, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=os.environ | ROOT)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.count("\n") == 1
    assert "paperdeck list" in ran.stderr


@pytest.mark.parametrize("redirection", ["< /dev/null", "| cat", "2> /dev/null"])
def test_a_terminal_must_be_at_all_three_ends(redirection: str) -> None:
    command = f'{sys.executable} -m paperdeck.tui --offline {redirection}; echo "code $?"'
    if redirection == "| cat":
        command = f'{sys.executable} -m paperdeck.tui --offline > /dev/null; echo "code $?"'
    with Terminal(["sh", "-c", command], ROOT) as terminal:
        assert terminal.read_until("code 2", 10)
        assert b"\x1b" not in raw(terminal)


@pytest.mark.parametrize("term", ["dumb", "unknown"])
def test_a_terminal_that_cannot_draw_gets_words(term: str) -> None:
    with Terminal(READER, ROOT | {"TERM": term}) as terminal:
        assert terminal.read_until("names no terminal that can draw", 10)
        terminal.read_for(5)
        assert terminal.ended
        assert b"\x1b" not in raw(terminal)


# -- leaving ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_cleanly_and_nothing_is_lost(filled: Places, sign: int) -> None:
    with opened() as terminal:
        terminal.send("s")
        terminal.read_until("★", 5)
        os.kill(terminal.pid, sign)
        terminal.read_for(10)
        assert terminal.ended
        assert_left_clean(raw(terminal))
    assert Library(filled).marks("2611.00012").starred


def test_it_ends_when_its_terminal_is_closed_even_while_a_program_has_it(filled: Places) -> None:
    """It blocked for ever in writing to the terminal that was gone, or read from it without a pause."""
    set_f9(filled, "echo waiting; sleep 300")
    with opened() as terminal:
        terminal.send("\x1b[20~")
        assert terminal.read_until("waiting", 10)
        assert terminal.hang_up(30)


@pytest.mark.parametrize("given", ["", "30"])
def test_a_program_is_not_told_how_often_the_reader_paints(filled: Places, given: str) -> None:
    set_f9(filled, 'echo "frames<$TEXTUAL_FPS>"; sleep 3')
    with opened(**({"TEXTUAL_FPS": given} if given else {})) as terminal:
        terminal.send("\x1b[20~")
        assert terminal.read_until(f"frames<{given}>", 10)


def set_f9(places: Places, script: str) -> None:
    """Make a script one of the reader's own commands, which gets the terminal."""
    own = f'[[commands]]\nkey = "f9"\ntitle = "Own"\nprogram = {["sh", "-c", script]}\nmode = "suspend"\n'
    places.config_file.parent.mkdir(parents=True, exist_ok=True)
    places.config_file.write_text(own)


def test_there_are_colours_and_q_leaves_the_terminal_as_it_was(filled: Places) -> None:
    with opened() as terminal:
        assert any(len(set(colour)) > 1 for colour in colours(raw(terminal)))
        terminal.send("q")
        terminal.read_for(10)
        assert terminal.ended
        assert_left_clean(raw(terminal))


def assert_left_clean(output: bytes) -> None:
    """Each mode that was switched on is switched off after the last time that it was switched on."""
    for off in CLEAN_END:
        on = off[:-1] + (b"l" if off.endswith(b"h") else b"h")
        assert output.rfind(off) > output.rfind(on), off


# -- suspending ------------------------------------------------------------------------------------------------------


SHELL = f'set -m; {sys.executable} -m paperdeck.tui --offline; echo "back in the shell"; read line; fg; echo "code $?"'


def suspended() -> Terminal:
    """A reader that was started from a shell, and in which ctrl+z was pressed."""
    terminal = opened(["sh", "-c", SHELL])
    terminal.send("\x1a")
    assert terminal.read_until("back in the shell", 10)
    return terminal


def test_ctrl_z_goes_back_to_a_clean_shell_and_fg_shows_the_whole_screen_again(filled: Places) -> None:
    with suspended() as terminal:
        assert_left_clean(raw(terminal))
        terminal.send("\n")
        assert terminal.read_until("\x1b[?1049h", 10)
        assert terminal.read_until("▲", 3)
        terminal.read_until_quiet(0.25, 5)
        terminal.send("q")
        assert terminal.read_until("code 0", 10)
        assert_left_clean(raw(terminal))


# -- colours ---------------------------------------------------------------------------------------------------------


def colours(output: bytes) -> set[tuple[int, int, int]]:
    found = re.findall(rb"[34]8;2;(\d+);(\d+);(\d+)", output)
    return {(int(red), int(green), int(blue)) for red, green, blue in found}


def without_greys(output: bytes) -> bytes:
    return re.sub(rb"[34]8;2;(\d+);\1;\1(?=[;m])", b"", output)


def test_no_color_leaves_no_colour(filled: Places) -> None:
    with opened(NO_COLOR="1") as terminal:
        assert all(red == green == blue for red, green, blue in colours(raw(terminal)))
        assert not re.search(rb"\x1b\[(?:[0-9;]*;)?(?:3[1-6]|4[1-6]|9[1-6]|10[1-6])m", without_greys(raw(terminal)))
        assert terminal.shows("Author Number12")


# -- papers that would like to act on the terminal -------------------------------------------------------------------

CONTROL = re.compile(
    r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # OSC
    r"|\x1b[P_^X][^\x1b]*\x1b\\"  # DCS and its kind
    r"|\x1b\[[0-?]*[ -/]*[@-~]"  # CSI
    r"|\x1b[ -/]*[0-~]?"
    r"|[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2028\u2029\u2060-\u206f\ufeff]"
)


def kinds(output: bytes) -> set[str]:
    """The kinds of control sequences in an output: colours and places of the cursor are one kind each."""
    found = {match.group() for match in CONTROL.finditer(output.decode("utf-8"))}
    return {re.sub(r"[\d;]+", "#", one) if one.endswith(("m", "H")) else one for one in found}


def hostile_items(texts: Iterable[str]) -> list[Paper]:
    """Papers from the Hub with a text in every field that holds text, 90 characters into the abstract too."""
    items = []
    for number, text in enumerate(texts, start=1):
        one = item(
            f"2611.{number:05}",
            text,
            DAY,
            summary=f"{text} {text}",
            authors=[{"name": text}, {"name": f"{number} {text}"}],
            organization={"fullname": text},
            submittedOnDailyBy={"fullname": text},
            ai_summary=text,
            ai_keywords=[text, "harmless"],
            projectPage=f"https://example.org/{text}",
            upvotes=100 - number,
        )
        items.append(one)
    return list(parse_daily(items).papers)


def harmless_items(count: int) -> list[Paper]:
    return hostile_items([f"harmless {number}" for number in range(1, count + 1)])


def walked(papers: Sequence[Paper], home: Path, notes: Sequence[str] = ()) -> bytes:
    """What the app writes while somebody looks at every paper, opens and closes things, stars and undoes."""
    library = fill(Places.find({"PAPERDECK_HOME": str(home)}), papers)
    for paper, note in zip(papers, notes, strict=False):
        library.mark([paper.id], note=note, add_tags=["tag"])
    with opened(PAPERDECK_HOME=str(home)) as terminal:
        for _ in papers:
            terminal.send("j")
            terminal.read_for(0.03)
        for key in ("s", "u", "g", "\r", "\\", "?", "\x1b"):
            terminal.send(key)
            terminal.read_until_quiet(0.1, 3)
        return raw(terminal)


def in_text(sequences: Iterable[str]) -> list[str]:
    return [f"be{sequence}fore and after" for sequence in sequences]


def test_no_paper_writes_to_the_terminal(tmp_path: Path) -> None:
    allowed = kinds(walked(harmless_items(12), tmp_path / "harmless", ["a note"] * 12))
    assert not any(one.startswith("\x1b]52") for one in allowed)
    texts = [*in_text(SEQUENCES.values()), *MARKUP, *WIDE]
    # Half a surrogate pair can't be encoded: neither a note nor the terminal takes it.
    encodable = [text for text in in_text(SEQUENCES.values()) if "\ud800" not in text]
    notes = [text.replace("\ud800", "") for text in texts]
    written = walked(hostile_items(texts), tmp_path / "hostile", notes)
    assert written.count(b"fore and after") > len(SEQUENCES)
    assert kinds(written) <= allowed
    assert not any(text.removesuffix(" and after").encode() in written for text in encodable)

    papers = never_cleaned(encodable)
    written = walked(papers, tmp_path / "never cleaned")
    assert written.count(b"fore and after") > len(papers)
    assert kinds(written) <= allowed


def never_cleaned(texts: Iterable[str]) -> list[Paper]:
    """Papers as another program may have written them into the files of a library, with a text in every field."""
    return [
        Paper(
            id=f"2611.{number:05}",
            title=text,
            abstract=f"{text} {text}",
            authors=(text, text),
            organization=text,
            submitter=text,
            ai_summary=text,
            keywords=(text,),
            categories=(text,),
            comment=text,
            listed=DAY,
            upvotes=100 - number,
        )
        for number, text in enumerate(texts, start=1)
    ]


def test_all_other_cells_are_as_with_harmless_titles(tmp_path: Path) -> None:
    titles = [*in_text(SEQUENCES.values()), *MARKUP]
    hostile = first_screen(titles, tmp_path / "hostile")
    harmless = first_screen([f"harmless {number}" for number in range(len(titles))], tmp_path / "harmless")
    assert hostile == harmless
    assert sum("▲" in line for line in hostile) > 10


def first_screen(titles: Sequence[str], home: Path) -> list[str]:
    """The screen with papers that differ in their titles only, and without these titles."""
    papers = [
        Paper(id=paper.id, title=paper.title, upvotes=50, organization="The Lab", abstract="Same.", listed=DAY)
        for paper in hostile_items(titles)
    ]
    fill(Places.find({"PAPERDECK_HOME": str(home)}), papers)
    with opened(PAPERDECK_HOME=str(home)) as terminal:
        terminal.read_until_quiet(1.5, 20)  # the counts come last
        return [without_titles(number, line) for number, line in enumerate(terminal.final_screen())]


def without_titles(number: int, line: str) -> str:
    """A line of the screen without a title in the list or in the first line of the detail pane."""
    panes = line.removeprefix("▏").split("▏")  # the current view has that sign before it
    if len(panes) != 3:
        return line
    views, papers, detail = panes
    is_title = number >= 2 and "▲" not in papers
    return "|".join((views, " " * len(papers) if is_title else papers, " " * len(detail) if number == 1 else detail))
