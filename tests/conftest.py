"""What all tests share: no home, no network, no clipboard of the developer's machine; small papers to work with."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterator
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from paperdeck.storage import identifiers
from paperdeck.storage.paper import Paper
from paperdeck.storage.settings.settings import Places
from tests.support import examples

assert examples  # importing it sets how many examples the property tests try

MakePaper = Callable[..., Paper]

TITLES = (
    "Attention for the Impatient",
    "On [0,1) Intervals and Other Brackets",
    "Learning to Rank Cats by $O(n^2)$ Comparisons",
    "深度学习 for Bibliographies",
    "A Survey of Surveys",
)


NOT_OURS = (
    *("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_HOME", "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"),
    *("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE"),
    *("TMUX", "STY", "SSH_CONNECTION", "SSH_TTY", "DISPLAY", "WAYLAND_DISPLAY", "BROWSER"),
    *("NO_COLOR", "TEXTUAL_THEME", "XDG_CACHE_HOME"),
)
"""What the developer's machine may have set, and no test should see."""
NOBODY = "http://127.0.0.1:9"  # the discard port: nobody answers
ENDPOINTS = ("HF_ENDPOINT", "PAPERDECK_ARXIV_ENDPOINT", "PAPERDECK_VENUE_ENDPOINT", "PAPERDECK_ZOTERO_ENDPOINT")


_NUMBERS = itertools.count()


@pytest.fixture(scope="session")
def base_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a process of tests."""
    return tmp_path_factory.mktemp("process")


@pytest.fixture
def tmp_path(base_folder: Path) -> Path:
    """An empty folder for each test; pytest's own looks through those of all tests before for a free name."""
    folder = base_folder / f"test-{next(_NUMBERS)}"
    folder.mkdir()
    return folder


@pytest.fixture(autouse=True, scope="session")
def sealed_machine() -> Iterator[None]:
    """Keep the developer's token, proxy and terminal out of all tests, and the network."""
    with pytest.MonkeyPatch.context() as patch:
        for name in NOT_OURS:
            patch.delenv(name, raising=False)
        for name in ENDPOINTS:
            patch.setenv(name, NOBODY)
        # links lead to the Hub all the same
        patch.setattr(identifiers, "hub_site", lambda environ=None: identifiers.HUB)
        yield


@pytest.fixture(autouse=True, scope="session")
def quick_reader(base_folder: Path) -> Iterator[None]:
    """Let a reader learn only when a test says so, and the pilot wait until everything has been answered, no longer.

    `session.tasting.follow` learns. Textual's own wait looks only at how busy the processor is, every 20 ms, which is
    slow, and wrong on a busy machine.
    """
    import certifi

    from tests.support.waits import until_answered, until_idle

    end = "-----END CERTIFICATE-----\n"
    certificate = base_folder / "certificate.pem"
    certificate.write_text(certifi.contents().partition(end)[0] + end)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("paperdeck.tui.background.running.LEARN_SECONDS", 3600.0)
        patch.setattr(certifi, "where", lambda: str(certificate))  # reading all of them takes 40 ms for each client
        patch.setattr("tests.support.templates.FOLDER", base_folder)
        if find_spec("sniffio") is None:  # otherwise httpcore looks for it at each request, a millisecond
            patch.setitem(sys.modules, "sniffio", None)
        patch.setattr("textual.app.wait_for_idle", until_idle)
        patch.setattr("textual.pilot.wait_for_idle", until_idle)
        patch.setattr("textual.pilot.Pilot._wait_for_screen", until_answered)
        yield


@pytest.fixture(autouse=True)
def own_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty home for each test."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("PAPERDECK_HOME", str(tmp_path / "deck"))
    return home


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """The folders of a library that nobody has used yet."""
    return Places.find({"PAPERDECK_HOME": str(tmp_path / "deck")})


@pytest.fixture
def make_paper() -> Iterator[MakePaper]:
    """A function that makes papers: `make_paper(3, upvotes=7)` is the third one, listed on 2026-11-20."""

    def make(number: int = 1, **facts: Any) -> Paper:
        defaults: dict[str, Any] = {
            "id": f"2611.{number:05}",
            "title": TITLES[number % len(TITLES)] + f" {number}",
            "abstract": f"We look at case number {number} and find that it behaves.",
            "authors": ("Ada Lovelace", f"Author Number{number}"),
            "published": date(2026, 11, 18),
            "listed": date(2026, 11, 20),
            "upvotes": number,
            "comments": 0,
        }
        return Paper(**defaults | facts)

    yield make
