"""The environment's proxies: which request goes through which, and what can't be read is skipped or named."""

from __future__ import annotations

import pytest

from paperdeck.storage.errors import NotSent
from paperdeck.storage.fetch.http.connections import Proxies, Proxy

PROXY = "http://proxy.test:3128"


def through(environ: dict[str, str], scheme: str = "https", host: str = "hub.test", port: int = 443) -> Proxy | None:
    return Proxies(environ).proxy_for(scheme, host, port)


@pytest.mark.parametrize(
    ("environ", "scheme", "url", "variable"),
    [
        ({"HTTPS_PROXY": PROXY}, "https", PROXY, "HTTPS_PROXY"),
        ({"https_proxy": PROXY, "HTTPS_PROXY": "http://other.test"}, "https", PROXY, "https_proxy"),
        ({"ALL_PROXY": "socks5h://127.0.0.1:1080"}, "http", "socks5://127.0.0.1:1080", "ALL_PROXY"),
        ({"all_proxy": "socks://127.0.0.1:1080"}, "https", "socks5://127.0.0.1:1080", "all_proxy"),
        ({"HTTPS_PROXY": "proxy.test:3128"}, "https", PROXY, "HTTPS_PROXY"),
        (
            {"HTTPS_PROXY": "http://me:secret@proxy.test:3128"},
            "https",
            "http://me:secret@proxy.test:3128",
            "HTTPS_PROXY",
        ),
    ],
)
def test_a_request_goes_through_its_proxy(environ: dict[str, str], scheme: str, url: str, variable: str) -> None:
    """SOCKS is among them."""
    proxy = through(environ, scheme)
    assert proxy == Proxy(url, variable)
    assert "secret" not in proxy.name


@pytest.mark.parametrize("environ", [{}, {"HTTP_PROXY": PROXY}, {"HTTPS_PROXY": "  "}, {"TRAVIS_APT_PROXY": PROXY}])
def test_without_a_proxy_of_its_kind_a_request_goes_directly(environ: dict[str, str]) -> None:
    assert through(environ) is None


def test_a_visitor_of_a_cgi_script_sets_no_proxy() -> None:
    assert through({"HTTP_PROXY": PROXY, "REQUEST_METHOD": "GET"}, "http") is None


@pytest.mark.parametrize(
    ("no_proxy", "host", "direct"),
    [
        ("hub.test", "hub.test", True),
        ("hub.test", "www.hub.test", True),
        (".hub.test", "hub.test", True),
        ("*.hub.test", "www.hub.test", True),
        ("hub.test", "nothub.test", False),
        ("HUB.test.", "hub.TEST", True),
        ("hub.test:443", "hub.test", True),
        ("hub.test:8080", "hub.test", False),
        ("https://hub.test", "hub.test", True),
        ("*", "hub.test", True),
        ("localhost,127.0.0.1,::1", "::1", True),
        ("localhost,127.0.0.1,[::1]", "::1", True),
        ("[::1]:443", "[::1]", True),
        ("10.0.0.0/8 192.168.0.0/16", "192.168.7.9", True),
        ("10.0.0.0/8", "11.0.0.1", False),
        ("fd07:b51a:cc66:f0::/64", "fd07:b51a:cc66:f0::9", True),
        ("[fd07:b51a:cc66:f0::]/64", "fd07:b51a:cc66:f0::9", True),
        ("fd07:b51a:cc66:f0::/64", "hub.test", False),
    ],
)
def test_no_proxy_holds_names_addresses_and_networks(no_proxy: str, host: str, direct: bool) -> None:
    proxies = Proxies({"HTTPS_PROXY": PROXY, "NO_PROXY": no_proxy})
    assert (proxies.proxy_for("https", host, 443) is None) is direct
    assert proxies.unreadable == []


@pytest.mark.parametrize(
    "entry", ["[::1", "10.0.0.0/99", "fd07::/200", "a b".replace(" ", "\x01"), "host:port", "%zz", "/"]
)
def test_an_unreadable_entry_is_skipped_and_the_others_count(entry: str) -> None:
    proxies = Proxies({"HTTPS_PROXY": PROXY, "no_proxy": f"first.test,{entry},last.test"})
    assert len(proxies.unreadable) == 1
    assert proxies.proxy_for("https", "first.test", 443) is proxies.proxy_for("https", "last.test", 443) is None
    assert proxies.proxy_for("https", "hub.test", 443)


@pytest.mark.parametrize(
    "value", ["carrier-pigeon://roof:1", "http://", "http://[::1", "http://proxy.test:port", "socks4://x:1", "ftp://x"]
)
def test_a_proxy_that_cannot_be_used_is_named_with_its_variable(value: str) -> None:
    with pytest.raises(NotSent, match="ALL_PROXY"):
        through({"ALL_PROXY": value})


def test_no_password_of_a_proxy_is_shown() -> None:
    with pytest.raises(NotSent) as caught:
        through({"HTTPS_PROXY": "gopher://me:secret@proxy.test"})
    caught.value.task = "fetch papers"
    assert "secret" not in caught.value.sentence()
