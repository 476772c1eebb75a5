"""What all tests share: no home, no network, no clipboard of the developer's machine; small papers to work with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from paperdeck.storage import sites
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


@pytest.fixture(autouse=True)
def sealed_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep the developer's home, token, proxy and terminal out of every test."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("PAPERDECK_HOME", str(tmp_path / "deck"))
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")  # the discard port: nobody answers
    monkeypatch.setattr(sites, "hub_site", lambda environ=None: sites.HUB)  # but links lead to the Hub
    monkeypatch.setenv("PAPERDECK_ARXIV_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("PAPERDECK_VENUE_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("PAPERDECK_ZOTERO_ENDPOINT", "http://127.0.0.1:9")
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE", "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_HOME", "TMUX", "STY", "SSH_CONNECTION", "SSH_TTY"):
        monkeypatch.delenv(name, raising=False)
    for name in (
        "http_proxy",
        "https_proxy",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "all_proxy",
        "NO_PROXY",
        "no_proxy",
    ):
        monkeypatch.delenv(name, raising=False)
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER", "NO_COLOR", "TEXTUAL_THEME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)


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


@pytest.fixture(autouse=True)
def nothing_learned_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    """Learn a taste when a test says so (`session.tasting.follow`), not at a moment that nobody knows."""
    monkeypatch.setattr("paperdeck.tui.background.running.LEARN_SECONDS", 3600.0)


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Textual's pilot wait until everything has been answered, and no longer.

    It looks only at how busy the processor is, every 20 ms, which is slow, and wrong on a busy machine.
    """
    from tests.support.waits import until_answered

    monkeypatch.setattr("textual.app.wait_for_idle", until_answered)
    monkeypatch.setattr("textual.pilot.wait_for_idle", until_answered)
