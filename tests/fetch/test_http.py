"""The client: what it asks again, what it refuses, and who gets the token."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from paperdeck.storage.errors import NotFound, RateLimited, SourceError, Unreachable
from paperdeck.storage.fetch.http.answers import read_json
from paperdeck.storage.fetch.http.client import Answer, HttpClient, NotModified, Request
from paperdeck.storage.fetch.http.lanes import Timing, hub_lanes

URL = "https://hub.test/api"
START = datetime(2026, 11, 20, 12, tzinfo=UTC)


class FakeTime:
    """A clock that only moves when somebody sleeps."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.sleeps: list[float] = []
        self.timing = Timing(self.sleep, self.now, lambda: START.timestamp() + self.seconds, lambda: 1.0)

    def now(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.seconds += seconds
        await asyncio.sleep(0)


class Script:
    """Answers in a row; the last one is given forever. What was asked is kept."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, headers=answer.headers, stream=answer.stream)


def good(body: object = "yes", **headers: str) -> httpx.Response:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(200, headers=names, stream=httpx.ByteStream(json.dumps(body).encode()))


def bad(status: int, body: bytes = b"{}", **headers: str) -> httpx.Response:
    return httpx.Response(
        status, headers={name.replace("_", "-"): v for name, v in headers.items()}, stream=httpx.ByteStream(body)
    )


def read(answer: Answer) -> Any:
    return read_json(answer.body)


async def ask(
    script: Callable[[httpx.Request], httpx.Response],
    time: FakeTime | None = None,
    read: Callable[[Answer], Any] = read,
    **bounds: Any,
) -> Any:
    """One request to what the script answers."""
    timing = (time or FakeTime()).timing
    client = HttpClient(transport=httpx.MockTransport(script), timing=timing)
    lane, _ = hub_lanes(timing)
    try:
        return await client.ask(
            Request(**{"url": URL, "lane": lane, "name": "hub.test", "task": "ask", **bounds}), read
        )
    finally:
        await client.close()


# -- what passes is asked again ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "trouble",
    [
        bad(500),
        bad(503),
        bad(429),
        bad(200, b"<!doctype html><title>504</title>"),
        bad(200, gzip.compress(b'"packed"')[:-9], content_encoding="gzip"),
        bad(200, b"not gzip", content_encoding="gzip"),
        bad(200, b"?", content_encoding="br"),
        httpx.ReadTimeout("slow"),
        httpx.ReadError("reset"),
        httpx.RemoteProtocolError("cut"),
        httpx.ConnectError("refused"),
    ],
    ids=str,
)
async def test_a_passing_trouble_is_asked_again(trouble: httpx.Response | Exception) -> None:
    script = Script(trouble, good())
    assert await ask(script) == "yes"
    assert len(script.asked) == 2


async def test_an_answer_compressed_twice_in_the_same_unknown_way_is_final() -> None:
    script = Script(bad(200, b"?", content_encoding="br"))
    with pytest.raises(SourceError, match=r"hub\.test sent a body packed as br"):
        await ask(script)
    assert len(script.asked) == 2


async def test_whatever_a_parser_stumbles_over_is_a_bad_answer() -> None:
    def stumble(_: Answer) -> None:
        raise OverflowError

    script = Script(good())
    with pytest.raises(SourceError, match=r"hub\.test sent something that can't be understood"):
        await ask(script, read=stumble)
    assert len(script.asked) == 2


async def test_waits_between_attempts_grow_and_then_it_is_given_up() -> None:
    time, script = FakeTime(), Script(bad(503))
    with pytest.raises(SourceError, match=r"Could not ask: hub\.test answered 503\. Try again later\."):
        await ask(script, time)
    assert time.sleeps == [0.5, 1.0, 2.0, 4.0, 8.0]


@pytest.mark.parametrize(("trouble", "attempts"), [(bad(503), 2), (httpx.ReadTimeout("slow"), 1)], ids=str)
async def test_a_person_who_waits_hears_soon_that_there_is_no_answer(
    trouble: httpx.Response | Exception, attempts: int
) -> None:
    script = Script(trouble)
    with pytest.raises(SourceError, match="Try again later"):
        await ask(script, awaited=True)
    assert len(script.asked) == attempts


async def test_a_server_that_does_not_answer_is_out_of_reach() -> None:
    script = Script(httpx.ConnectError("refused"))
    with pytest.raises(Unreachable, match=r"Could not ask: no connection \(hub\.test\)"):
        await ask(script)
    assert len(script.asked) == 3


async def test_a_server_that_hangs_is_out_of_reach_after_the_whole_time() -> None:
    async def hang(request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    with pytest.raises(Unreachable, match="did not answer in time"):
        await ask(hang, attempt_seconds=0.01)  # type: ignore[arg-type]


async def test_a_body_that_drips_is_given_up_after_the_whole_time() -> None:
    class Drip(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            while True:
                await asyncio.sleep(0.004)
                yield b" "

    with pytest.raises(Unreachable, match="did not answer in time"):
        await ask(lambda request: httpx.Response(200, stream=Drip()), attempt_seconds=0.01)


@pytest.mark.parametrize("status", [400, 401, 403, 405, 422])
async def test_a_refusal_is_an_answer_and_is_reported(status: int) -> None:
    script = Script(bad(status, b'{"error": "limit is\\u001b[2J too big"}'))
    with pytest.raises(SourceError, match=f"refuses the request .{status}: limit is too big"):
        await ask(script)
    assert len(script.asked) == 1


async def test_not_found_is_an_answer() -> None:
    script = Script(bad(404, b"<html>"))
    with pytest.raises(NotFound):
        await ask(script)
    assert len(script.asked) == 1


async def test_a_refused_token_is_reported_as_refused() -> None:
    with pytest.raises(SourceError, match="HF_TOKEN"):
        await ask(Script(bad(401)), token="secret")


# -- what the source asks for --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"retry_after": "7"}, 7.0),
        ({"retry_after": format_datetime(START + timedelta(seconds=9), usegmt=True)}, 9.0),
        ({"ratelimit": '"api";r=0;t=55'}, 56.0),
        ({"ratelimit": '"api";r=0;t=55', "retry_after": "2"}, 56.0),
        ({"retry_after": "soon"}, 0.5),
    ],
)
async def test_a_429_waits_as_long_as_it_is_asked_to(headers: dict[str, str], wait: float) -> None:
    time = FakeTime()
    assert await ask(Script(bad(429, **headers), good()), time) == "yes"
    assert time.seconds == pytest.approx(wait)


async def test_a_wait_beyond_our_patience_is_reported_and_not_waited_for() -> None:
    time, script = FakeTime(), Script(bad(429, retry_after="3600"))
    with pytest.raises(RateLimited) as caught:
        await ask(script, time, patience=60.0)
    assert (caught.value.wait, time.seconds, len(script.asked)) == (3600, 0, 1)


async def test_an_etag_brings_the_word_that_nothing_changed() -> None:
    script = Script(bad(304, b""))
    assert await ask(script, etag='"abc"') == NotModified()
    assert script.asked[0].headers["if-none-match"] == '"abc"'


async def test_no_cookie_is_kept() -> None:
    script = Script(bad(503, set_cookie="id=7; Path=/"), good())
    await ask(script)
    assert "cookie" not in script.asked[1].headers


async def test_every_request_says_who_we_are() -> None:
    script = Script(good())
    await ask(script)
    assert script.asked[0].headers["user-agent"].startswith("paperdeck/")
    assert "+https://" in script.asked[0].headers["user-agent"]


# -- sizes ---------------------------------------------------------------------------------------------------------


async def test_a_small_body_that_unpacks_into_a_huge_one_is_refused() -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    with pytest.raises(SourceError, match="more than 1 MB"):
        await ask(Script(bad(200, bomb, content_encoding="gzip")), cap=1 << 20)


async def test_a_huge_body_is_refused() -> None:
    with pytest.raises(SourceError, match="more than 1 MB"):
        await ask(Script(bad(200, b" " * 2_000_000)), cap=1 << 20)


async def test_a_compressed_body_is_decompressed() -> None:
    assert await ask(Script(bad(200, gzip.compress(b'"packed"'), content_encoding="gzip"))) == "packed"


@pytest.mark.parametrize("piece", [1, 7, 1000])
async def test_every_member_of_a_compressed_body_is_decompressed(piece: int) -> None:
    body = gzip.compress(b'"one ') + gzip.compress(b"") + gzip.compress(b'two"')
    chunks = [body[start : start + piece] for start in range(0, len(body), piece)]
    assert await ask(Script(in_chunks(chunks))) == "one two"


@pytest.mark.parametrize("end", [gzip.compress(b"more")[:-4], b"garbage"])
async def test_garbage_after_a_compressed_body_is_a_fault(end: bytes) -> None:
    script = Script(bad(200, gzip.compress(b'"one"') + end, content_encoding="gzip"), good())
    assert await ask(script) == "yes"


async def test_many_members_do_not_pass_the_limit() -> None:
    bomb = gzip.compress(b" " * 500_000) * 100
    with pytest.raises(SourceError, match="more than 1 MB"):
        await ask(Script(bad(200, bomb, content_encoding="gzip")), cap=1 << 20)


def in_chunks(chunks: list[bytes]) -> httpx.Response:
    async def body() -> AsyncIterator[bytes]:
        for chunk in chunks:
            yield chunk

    return httpx.Response(200, headers={"content-encoding": "gzip"}, content=body())


def test_half_a_surrogate_pair_spoils_no_page() -> None:
    assert read_json(b'["\\ud83d"]') == ["\ud83d"]


# -- redirects and the token ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target",
    [
        "http://other.test/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "ftp://hub.test/",
        "http://[::1",
        "http://host:99999",
    ],
)
async def test_a_redirect_that_is_not_safe_is_refused(target: str) -> None:
    script = Script(bad(302, location=target), good())
    with pytest.raises(SourceError, match=r"redirects to|invalid redirect"):
        await ask(script)
    assert len(script.asked) == 1


@pytest.mark.parametrize("target", ["https://other.test/x", "/elsewhere", "//other.test/x"])
async def test_a_redirect_to_https_or_on_the_same_host_is_followed(target: str) -> None:
    assert await ask(Script(bad(302, location=target), good())) == "yes"


async def test_redirects_in_a_circle_end() -> None:
    script = Script(bad(302, location=URL))
    with pytest.raises(SourceError, match="keeps redirecting"):
        await ask(script)
    assert len(script.asked) == 6


async def test_the_token_goes_to_its_own_host_only() -> None:
    script = Script(bad(302, location="/same"), bad(302, location="https://other.test/"), good())
    await ask(script, token="secret")
    assert [request.headers.get("authorization") for request in script.asked] == [*["Bearer secret"] * 2, None]


@pytest.mark.parametrize(
    ("url", "sent"), [("http://hub.test/", False), ("http://127.0.0.1:9/", True), ("https://hub.test/", True)]
)
async def test_the_token_never_crosses_the_net_in_clear(url: str, sent: bool) -> None:
    script = Script(good())
    await ask(script, url=url, token="secret")
    assert ("authorization" in script.asked[0].headers) is sent


@pytest.mark.parametrize("url", ["huggingface.co/api", "ftp://hub.test/", "https://[/", "https://hub.test:port/"])
async def test_what_is_not_an_address_is_reported(url: str) -> None:
    with pytest.raises(SourceError, match="HF_ENDPOINT"):
        await ask(Script(good()), url=url)


@pytest.mark.parametrize("token", ["sec\nret", "sécret"])
async def test_a_token_that_cannot_be_one_is_reported(token: str) -> None:
    with pytest.raises(SourceError, match="HF_TOKEN"):
        await ask(Script(good()), token=token)


def test_the_token_is_in_no_representation() -> None:
    lane, _ = hub_lanes(Timing())
    assert "secret" not in repr(Request(url=URL, lane=lane, name="hub", token="secret"))


async def test_a_proxy_that_cannot_be_used_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "carrier-pigeon://roof:1")
    lane, _ = hub_lanes(Timing())
    with pytest.raises(SourceError, match="HTTPS_PROXY"):
        await HttpClient().ask(Request(url=URL, lane=lane, name="hub"), read)
