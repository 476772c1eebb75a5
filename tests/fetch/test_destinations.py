"""Where requests may go: redirects that are followed, and who sees the token."""

from __future__ import annotations

import httpx
import pytest

from paperdeck.storage.errors import SourceError
from paperdeck.storage.fetch.http.connections import Proxy
from paperdeck.storage.fetch.http.destinations import is_private, redirected, why_token_is_withheld

PROXY = Proxy("http://proxy.test:3128", "HTTP_PROXY")


def resolve(host: str) -> list[str]:
    return {"intern.test": ["93.184.216.34", "10.0.0.7"], "public.test": ["93.184.216.34"]}.get(host, [])


def follow(here: str, there: str) -> str:
    return str(redirected("hub.test", httpx.URL(here), there, resolve))


@pytest.mark.parametrize(
    ("here", "there", "followed"),
    [
        ("https://hub.test/a", "/b", "https://hub.test/b"),
        ("https://hub.test/a", "https://public.test/b", "https://public.test/b"),
        ("http://hub.test/a", "https://hub.test/a", "https://hub.test/a"),
        ("http://127.0.0.1:8080/a", "/b", "http://127.0.0.1:8080/b"),
        ("https://hub.test/a", "https://me:secret@public.test/b", "https://public.test/b"),
    ],
)
def test_a_redirect_to_a_public_https_address_or_the_same_origin_is_followed(
    here: str, there: str, followed: str
) -> None:
    assert follow(here, there) == followed


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("https://hub.test/a", "http://hub.test/a"),
        ("http://hub.test/a", "http://hub.test:8080/a"),
        ("http://hub.test/a", "http://public.test/a"),
        ("http://127.0.0.1:8481/a", "http://127.0.0.1:8482/a"),
        ("http://127.0.0.1:8481/a", "https://127.0.0.1:8482/a"),
        ("https://hub.test/a", "https://127.0.0.1:8482/a"),
        ("https://hub.test/a", "https://localhost/a"),
        ("https://hub.test/a", "https://printer.local/a"),
        ("https://hub.test/a", "https://[::1]/a"),
        ("https://hub.test/a", "https://[::ffff:127.0.0.1]/a"),
        ("https://hub.test/a", "https://169.254.169.254/latest/meta-data"),
        ("https://hub.test/a", "https://10.1.2.3/a"),
        ("https://hub.test/a", "https://100.64.0.1/a"),
        ("https://hub.test/a", "https://0.0.0.0/a"),
        ("https://hub.test/a", "https://2130706433/a"),
        ("https://hub.test/a", "https://127.1/a"),
        ("https://hub.test/a", "https://intern.test/a"),
        ("https://hub.test/a", "file:///etc/passwd"),
        ("https://hub.test/a", "javascript:alert(1)"),
    ],
)
def test_any_other_redirect_is_refused(here: str, there: str) -> None:
    with pytest.raises(SourceError, match=r"redirects to|invalid redirect"):
        follow(here, there)


def test_a_name_that_a_proxy_resolves_is_not_looked_up_here() -> None:
    assert not is_private("intern.test", None)


@pytest.mark.parametrize(
    ("home", "url", "proxy", "reason"),
    [
        ("https://hub.test/api", "https://hub.test/api?p=1", None, ""),
        ("https://hub.test/api", "https://hub.test/api", PROXY, ""),  # the proxy sees only what is encrypted
        ("http://127.0.0.1:9/api", "http://127.0.0.1:9/api", None, ""),
        ("http://[::1]:9/api", "http://[::1]:9/api", None, ""),
        ("http://127.0.0.1:9/api", "http://127.0.0.1:9/api", PROXY, "HTTP_PROXY"),
        ("http://hub.test/api", "http://hub.test/api", None, "not https"),
        ("https://hub.test/api", "https://hub.test:8443/api", None, "redirect"),
        ("http://hub.test/api", "https://hub.test/api", None, "redirect"),
        ("http://127.0.0.1:9/", "http://localhost:9/", None, "redirect"),
        ("https://hub.test/api", "https://hub.test.evil.test/", None, "redirect"),
    ],
)
def test_the_token_goes_to_the_endpoint_alone_and_nobody_else_can_read_it(
    home: str, url: str, proxy: Proxy | None, reason: str
) -> None:
    why = why_token_is_withheld(httpx.URL(home), httpx.URL(url), proxy)
    assert reason in why
    assert bool(why) is bool(reason)
