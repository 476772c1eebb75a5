"""`paperdeck pack`: the texts of a view for the train."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from paperdeck.storage.errors import NotFound, PaperdeckError, RateLimited, Unreachable
from paperdeck.storage.fetch.full_text import StoredTexts, text_file, text_folder
from paperdeck.storage.library.library import Library
from paperdeck.storage.settings.settings import Places
from paperdeck.tui.cli.fetch import Packing, pack
from tests.conftest import MakePaper
from tests.support.app_tools import fill
from tests.support.hub import FakeHub

TEXT = "\n\n".join(f"## Part {number}\n\n{'Many words. ' * 150}" for number in range(5))


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    """A Hub that has the text of three papers."""
    hub = FakeHub().start()
    monkeypatch.setenv("HF_ENDPOINT", hub.url)
    monkeypatch.setenv("PAPERDECK_ARXIV_ENDPOINT", hub.url)
    hub.markdown |= {f"2611.0000{number}": TEXT for number in (1, 2, 3)}
    yield hub
    hub.stop()


@pytest.fixture
def filled(places: Places, make_paper: MakePaper) -> Places:
    """A library of three papers that were listed today."""
    today = datetime.now(UTC).date()
    fill(places, [make_paper(number, listed=today) for number in (1, 2, 3)])
    return places


def run(*query: str, limit: int | None = None) -> int:
    """The exit code of the command."""
    return pack(Namespace(query=list(query), limit=limit))


class Sources:
    """Gives what it is told to give, in place of a fetcher."""

    def __init__(self, *answers: PaperdeckError | str) -> None:
        self.answers = list(answers)

    async def full_text(self, paper_id: str) -> str:
        answer = self.answers.pop(0)
        if isinstance(answer, PaperdeckError):
            raise answer
        return answer


def packing(*answers: PaperdeckError | str) -> tuple[Packing, list[float]]:
    """What packs from such sources, and how long it waited."""
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    return Packing(Sources(*answers), sleep), waits  # type: ignore[arg-type]


def test_the_texts_of_a_view_are_fetched(hub: FakeHub, filled: Places, capsys: pytest.CaptureFixture[str]) -> None:
    Library(filled).mark(["2611.00001", "2611.00002"], starred=True)
    assert run("is:starred") == 0
    assert StoredTexts(text_folder(filled)).ids() == {"2611.00001", "2611.00002"}
    out, err = capsys.readouterr()
    assert sorted(out.splitlines()) == ["2611.00001\tfetched", "2611.00002\tfetched"]
    assert "2 texts fetched." in err


def test_without_a_query_the_last_week_is_packed(hub: FakeHub, filled: Places, make_paper: MakePaper) -> None:
    fill(filled, [make_paper(9, listed=date(2024, 1, 2))])
    assert run() == 0
    assert len(hub.asked(".md")) == 3


def test_what_is_here_is_not_asked_for(hub: FakeHub, filled: Places, capsys: pytest.CaptureFixture[str]) -> None:
    text_folder(filled).mkdir(parents=True)
    text_file(text_folder(filled), "2611.00003").write_text(TEXT)
    assert run() == 0
    assert not hub.asked("2611.00003")
    assert "2 texts fetched; 1 stored already" in capsys.readouterr().err


def test_a_limit_is_kept(hub: FakeHub, filled: Places) -> None:
    assert run(limit=1) == 0
    assert len(hub.asked(".md")) == 1


def test_a_paper_without_text_is_named_and_the_code_is_1(
    hub: FakeHub, filled: Places, capsys: pytest.CaptureFixture[str]
) -> None:
    del hub.markdown["2611.00002"]
    assert run() == 1
    assert "there is no text of 2611.00002." in capsys.readouterr().err


def test_a_query_without_papers_says_so(hub: FakeHub, filled: Places, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("is:starred") == 0
    assert "no paper in the library matches “is:starred”" in capsys.readouterr().err


def test_a_source_that_asks_to_wait_is_waited_for() -> None:
    pack, waits = packing(RateLimited("later", 120.0), "text")
    asyncio.run(pack.run(["2611.00001"]))
    assert (pack.fetched, waits) == (["2611.00001"], [120.0])


def test_nobody_waits_for_ever() -> None:
    pack, waits = packing(RateLimited("later", 9_000.0), RateLimited("later", 5.0), RateLimited("later", 5.0))
    asyncio.run(pack.run(["2611.00001", "2611.00002"]))
    assert (list(pack.failed), waits) == (["2611.00001", "2611.00002"], [5.0])


def test_without_a_network_it_gives_up_early() -> None:
    pack, _ = packing("text", Unreachable("no network"), NotFound("none"), *[Unreachable("no network")] * 2, "text")
    asyncio.run(pack.run([f"2611.0000{number}" for number in range(1, 7)]))
    assert len(pack.fetched) + len(pack.failed) == 5
