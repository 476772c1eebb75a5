"""An environment that somebody else set up: one sentence names the variable, and nothing ends with a traceback."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from paperdeck.storage.errors import NotSent, SourceError
from paperdeck.storage.fetch.endpoints import Endpoints
from paperdeck.storage.fetch.fetcher import Fetcher
from paperdeck.storage.fetch.http.client import HttpClient
from paperdeck.storage.fetch.run import Progress
from paperdeck.storage.identifiers import parse_reference
from paperdeck.storage.library.library import Library
from paperdeck.storage.settings.settings import Places
from tests.fetch.test_http import FakeTime
from tests.support.hub import FakeHub, item

TOKEN = "hf_secret"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    hub = FakeHub()
    hub.list_day(hub.today, item("2611.00001"))
    yield hub.start()
    hub.stop()


class Desk:
    """A fetcher, and the sentences that it had for the user."""

    def __init__(self, library: Library, endpoints: Endpoints) -> None:
        self.library = library
        self.sentences: list[str] = []
        client = HttpClient(timing=FakeTime().timing, offline=endpoints.offline)
        self.fetcher = Fetcher(
            library, endpoints, client=client, clock=NOON.timestamp, arxiv_interval=0.0, notify=self.sentences.append
        )

    async def refresh(self, *, force: bool = False) -> list[Progress]:
        return [event async for event in self.fetcher.refresh(2, force=force)]


@pytest.fixture
async def desk(hub: FakeHub, places: Places) -> AsyncIterator[Desk]:
    desk = Desk(Library(places), Endpoints(hub=hub.url, arxiv=hub.url, token=TOKEN))
    yield desk
    await desk.fetcher.close()


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SSL_CERT_FILE", "{tmp}/nowhere/cacert.pem"),
        ("SSL_CERT_FILE", "{tmp}/nonsense.pem"),
        ("SSL_CERT_FILE", "{tmp}"),
        ("SSL_CERT_FILE", "{tmp}/empty.pem"),
        ("SSL_CERT_DIR", "{tmp}/nowhere"),
        ("SSL_CERT_DIR", "{tmp}/nonsense.pem"),
        ("SSL_CERT_DIR", "{tmp}/" + "x" * 300),
        ("HTTP_PROXY", "carrier-pigeon://roof:1"),
        ("ALL_PROXY", "socks4://127.0.0.1:1"),
    ],
)
async def test_what_cannot_be_used_is_named_once_and_nothing_is_asked(
    desk: Desk, hub: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    (tmp_path / "nonsense.pem").write_text("no certificate")
    (tmp_path / "empty.pem").touch()
    monkeypatch.setenv(variable, value.format(tmp=tmp_path))
    [event] = await desk.refresh()
    assert isinstance(event.error, NotSent)
    assert str(event.error).startswith("Could not fetch papers: ")
    assert variable in str(event.error)
    assert desk.library.ledger.days("hf") == {}, "the ledger says nothing of days that nobody asked for"
    for question in (desk.fetcher.search("x"), desk.fetcher.full_text("2611.00001"), desk.fetcher.trending()):
        with pytest.raises(SourceError, match=variable):
            await question
    brought = await desk.fetcher.add([parse_reference("2611.00001")])
    assert [variable in str(error) for error in brought.errors] == [True]
    assert brought.missing == brought.unreachable == ("2611.00001",), "nobody said that it does not exist"
    assert hub.log == []


async def test_a_good_file_counts_though_the_folder_is_gone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    import certifi

    monkeypatch.setenv("SSL_CERT_FILE", certifi.where())
    monkeypatch.setenv("SSL_CERT_DIR", "/nonexistent/certs")
    assert not [event.error for event in await desk.refresh() if event.error]
    assert desk.sentences == ["SSL_CERT_DIR is ignored: /nonexistent/certs is not a folder that can be read."]


@pytest.mark.parametrize(
    ("variable", "value"), [("SSLKEYLOGFILE", "{tmp}/nowhere/keys"), ("NO_PROXY", "localhost,[::1,10.0.0.0/99")]
)
async def test_what_only_helps_is_left_out_and_named_once(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value.format(tmp=tmp_path))
    for _ in range(2):
        assert not [event.error for event in await desk.refresh(force=True) if event.error]
    [sentence] = desk.sentences
    assert variable in sentence


async def test_a_socks_proxy_that_is_not_there_is_named(
    desk: Desk, hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("socksio", reason="the dependency httpx[socks] brings it")
    monkeypatch.setenv("ALL_PROXY", "socks5h://127.0.0.1:9")
    [error] = [event.error for event in await desk.refresh() if event.error]
    assert str(error) == (
        "Could not fetch Daily Papers: no connection through the proxy 127.0.0.1:9 (ALL_PROXY). Try again later."
    )
    assert hub.log == []


async def test_offline_by_the_environment_asks_nobody_and_says_so_once(places: Places, hub: FakeHub) -> None:
    desk = Desk(Library(places), Endpoints(hub=hub.url, arxiv=hub.url, offline="HF_HUB_OFFLINE"))
    [event] = await desk.refresh()
    assert str(event.error) == "Could not fetch papers: HF_HUB_OFFLINE is set. Unset it to go online."
    with pytest.raises(NotSent, match="HF_HUB_OFFLINE"):
        await desk.fetcher.pdf("2611.00001", places.cache)
    assert hub.log == []


async def test_a_proxy_never_reads_the_token(desk: Desk, hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fake Hub plays the proxy here, which sees whole requests."""
    monkeypatch.setenv("HTTP_PROXY", hub.url)
    await desk.refresh()
    assert hub.log
    assert not [headers for headers in hub.headers if "Authorization" in headers]
    assert desk.sentences == ["Your Hub token (HF_TOKEN) was not sent: the proxy in HTTP_PROXY could read it."]


async def test_directly_to_loopback_the_token_is_sent(desk: Desk, hub: FakeHub) -> None:
    await desk.refresh()
    assert {headers["Authorization"] for headers in hub.headers} == {f"Bearer {TOKEN}"}
    assert desk.sentences == []


async def test_no_proxy_keeps_the_token_on_the_machine(
    desk: Desk, hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "127.0.0.0/8")
    assert not [event.error for event in await desk.refresh() if event.error]
    assert hub.headers[0]["Authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize("token", ["sec\nret", "sécret"])
async def test_a_token_that_cannot_be_one_is_named(places: Places, hub: FakeHub, token: str) -> None:
    desk = Desk(Library(places), Endpoints(hub=hub.url, arxiv=hub.url, token=token))
    [error] = [event.error for event in await desk.refresh() if event.error]
    assert "HF_TOKEN" in str(error)
    assert hub.log == []


async def test_a_password_in_an_endpoint_is_in_no_message(places: Places) -> None:
    desk = Desk(Library(places), Endpoints(hub="http://me:secret@127.0.0.1:9", arxiv="http://me:secret@127.0.0.1:9"))
    [error] = [event.error for event in await desk.refresh() if event.error]
    assert str(error) == "Could not fetch Daily Papers: no connection (127.0.0.1:9). Try again later."
