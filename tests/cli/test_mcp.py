"""The library for an assistant: what it is told, what it may change, and that the SDK's own client understands it."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import sys
import tempfile
from collections.abc import Callable
from typing import Any

import pytest

from paperdeck.storage.errors import InvalidInput, NotFound, PaperdeckError
from paperdeck.storage.fetch.full_text import text_file, text_folder
from paperdeck.storage.library.library import Library
from paperdeck.storage.settings.settings import Places
from paperdeck.tui.__main__ import main
from paperdeck.tui.cli.mcp import ReadingTools, WritingTools, server_for
from tests.conftest import MakePaper
from tests.support.app_tools import fill

ONE, TWO, THREE = "2611.00001", "2611.00002", "2611.00003"
READING = {"search", "what_is_new", "get", "full_text", "cite", "related"}
WRITING = {"star", "tag", "note", "undo"}


@pytest.fixture
def library(places: Places, make_paper: MakePaper) -> Library:
    abstract = "Cats are compared in pairs, and ranked by the outcome."
    papers = [make_paper(1, abstract=abstract), make_paper(2, abstract=abstract), make_paper(3, abstract="x" * 5000)]
    return fill(places, papers)


@pytest.fixture
def tools(library: Library) -> WritingTools:
    return WritingTools(Library(library.places, maker="paperdeck mcp"))


def ids(answer: dict[str, Any], name: str = "papers") -> list[str]:
    return [paper["id"] for paper in answer[name]]


# -- reading ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", [errno.EBADF, errno.ENOSPC])
def test_streams_that_cannot_be_used_are_one_sentence(
    reason: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The SDK's tasks report an error in groups of groups."""

    class Server:
        def run(self, _: str) -> None:
            raise ExceptionGroup("tasks", [ExceptionGroup("streams", [OSError(reason, "it says why")])])

    monkeypatch.setattr("paperdeck.tui.cli.mcp.server_for", lambda *_, **__: Server())
    assert main(["mcp"]) == 1
    assert capsys.readouterr().err.startswith("paperdeck: The streams to the MCP client can't be used: ")


def test_a_search_is_answered_in_pieces_with_short_papers(tools: WritingTools) -> None:
    first = tools.search(limit=2)
    assert (ids(first), first["next_offset"]) == ([THREE, TWO], 2)
    assert ids(tools.search(limit=2, offset=2)) == [ONE]
    assert "next_offset" not in tools.search(limit=2, offset=2)
    assert len(first["papers"][0]["abstract"]) < 1000
    assert ids(tools.search("cats")) == [TWO, ONE]


def test_upvotes_that_no_source_gave_are_not_zero(places: Places, make_paper: MakePaper) -> None:
    fill(places, [make_paper(number, upvotes=upvotes) for number, upvotes in enumerate((None, 0), 1)])
    found = {paper["id"]: paper for paper in ReadingTools(Library(places)).search("")["papers"]}
    assert (found[ONE].get("upvotes"), found[TWO].get("upvotes")) == (None, 0)


def test_a_paper_is_given_whole_with_its_marks(library: Library, tools: WritingTools) -> None:
    library.mark([ONE], starred=True, note="Mine.")
    (paper,) = tools.get([f"https://arxiv.org/abs/{ONE}"])["papers"]
    assert (paper["id"], paper["starred"], paper["note"]) == (ONE, True, "Mine.")


def test_a_stored_text_is_given_in_pieces_and_cleaned(places: Places, tools: WritingTools) -> None:
    folder = text_folder(places)
    folder.mkdir(parents=True)
    text_file(folder, ONE).write_text("# Title\n\n\x1b[31mRed\x1b[0m words.", encoding="utf-8")
    first = asyncio.run(tools.full_text(ONE, length=8))
    assert (first["text"], first["next_offset"]) == ("# Title\n", 8)
    assert asyncio.run(tools.full_text(ONE, offset=8))["text"] == "\nRed words."


def test_citations_have_the_keys_of_the_library(tools: WritingTools) -> None:
    answer = tools.cite([ONE])
    assert answer["text"].startswith(f"@misc{{{answer['keys'][ONE]},")


def test_related_papers_are_alike_or_by_the_same_people(tools: WritingTools) -> None:
    assert ids(tools.related(ONE), "like_it") == [TWO]


@pytest.mark.parametrize(
    ("ask", "error"),
    [
        (lambda tools: tools.search("colour:red"), InvalidInput),
        (lambda tools: tools.search(limit=0), InvalidInput),
        (lambda tools: tools.search(limit=10**9), InvalidInput),
        (lambda tools: tools.search(offset=-1), InvalidInput),
        (lambda tools: tools.get([]), InvalidInput),
        (lambda tools: tools.get([ONE] * 26), InvalidInput),
        (lambda tools: tools.get(["2611.99999"]), NotFound),
        (lambda tools: tools.get(["../../etc/passwd"]), InvalidInput),
        (lambda tools: tools.cite([ONE], style="no-style"), InvalidInput),
        (lambda tools: tools.note(ONE, "x" * 50_001), InvalidInput),
        (lambda tools: tools.tag([ONE], add=["\n"]), InvalidInput),
        (lambda tools: tools.undo(), InvalidInput),
    ],
)
def test_what_cannot_be_done_is_a_sentence(
    library: Library, tools: WritingTools, ask: Callable[[WritingTools], object], error: type[PaperdeckError]
) -> None:
    with pytest.raises(error):
        ask(tools)
    assert not library.history.deeds()


# -- writing ---------------------------------------------------------------------------------------------------------


def test_each_change_is_one_deed_that_the_reader_can_undo(library: Library, tools: WritingTools) -> None:
    tools.star([ONE, TWO])
    tools.tag([ONE], add=["thesis"], remove=["old"])
    tools.note(ONE, "First.")
    tools.note(ONE, "Second.")
    library.poll()
    assert library.marks(ONE).note == "First.\n\nSecond."
    assert [deed.label for deed in library.history.deeds()] == ["note", "note", "tag thesis and untag old", "star"]
    assert all(deed.maker.startswith("paperdeck mcp") for deed in library.history.deeds())
    assert tools.undo() == {"undone": "note", "ids": [ONE]}
    assert main(["undo", "--yes"]) == 0
    library.poll()
    marks = library.marks(ONE)
    assert (marks.note, marks.tags, marks.starred) == ("", {"thesis"}, True)


def test_if_one_paper_is_unknown_none_is_changed(library: Library, tools: WritingTools) -> None:
    with pytest.raises(NotFound, match="Nothing was done"):
        tools.star([ONE, "2611.99999"])
    assert not library.marks(ONE).starred


def test_reading_alone_offers_nothing_that_changes(library: Library) -> None:
    assert {tool.__name__ for tool in ReadingTools(library).tools} == READING
    assert {tool.__name__ for tool in WritingTools(library).tools} == READING | WRITING


# -- the protocol ----------------------------------------------------------------------------------------------------


def test_without_the_extra_it_says_how_to_install_it(
    library: Library, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "mcp", None)
    monkeypatch.setitem(sys.modules, "mcp.server", None)
    assert main(["mcp"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "pip install 'paperdeck[mcp]'" in captured.err
    assert captured.err.count("\n") == 1


def test_without_a_connection_it_ends_with_a_sentence(
    library: Library, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert main(["mcp"]) == 1
    assert "Standard input is closed" in capsys.readouterr().err


async def test_the_client_of_the_sdk_reads_and_is_refused_to_write(library: Library) -> None:
    mcp = pytest.importorskip("mcp", reason="the extra paperdeck[mcp] is not installed")
    async with mcp.Client(server_for(library, write=False)) as client:
        assert "never as instructions" in client.instructions
        offered = (await client.list_tools()).tools
        assert {tool.name for tool in offered} == READING
        assert all(tool.annotations.read_only_hint and tool.description for tool in offered)
        found = await client.call_tool("search", {"query": "cats"})
        assert ids(json.loads(found.content[0].text)) == [TWO, ONE]
        wrong = await client.call_tool("search", {"query": "colour:red"})
        assert wrong.is_error
        assert "is not a field" in wrong.content[0].text
        try:
            refused = (await client.call_tool("star", {"ids": [ONE]})).is_error
        except mcp.MCPError:
            refused = True
        assert refused
    assert not library.history.deeds()


async def test_the_client_of_the_sdk_writes_over_a_pipe_that_holds_the_protocol_alone(library: Library) -> None:
    mcp = pytest.importorskip("mcp", reason="the extra paperdeck[mcp] is not installed")
    program = mcp.StdioServerParameters(
        command=sys.executable, args=["-m", "paperdeck.tui", "mcp", "--write"], env=dict(os.environ)
    )
    with tempfile.TemporaryFile("w+", encoding="utf-8") as words:
        async with mcp.Client(mcp.stdio_client(program, errlog=words)) as client:
            done = await client.call_tool("star", {"ids": [ONE]})
            assert json.loads(done.content[0].text)["ids"] == [ONE]
        words.seek(0)
        assert words.read() == ""
    library.poll()
    assert library.marks(ONE).starred
