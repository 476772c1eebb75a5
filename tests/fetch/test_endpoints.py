"""Endpoints: what the environment says about the sources, and where links lead."""

from __future__ import annotations

from pathlib import Path

import pytest

from paperdeck.storage import identifiers
from paperdeck.storage.fetch.endpoints import Endpoints
from paperdeck.storage.identifiers import HUB

HUB_SITE = identifiers.hub_site
"""The function itself; the tests' environment replaces it, so that links in other tests lead to the Hub."""


def test_without_an_environment_the_real_hub_is_asked() -> None:
    endpoints = Endpoints.find({"HF_HOME": "/nowhere"})
    assert (endpoints.hub, endpoints.arxiv, endpoints.token, endpoints.offline) == (HUB, None, None, "")


def test_endpoints_are_replaced_by_the_environment() -> None:
    endpoints = Endpoints.find(
        {"HF_ENDPOINT": "http://127.0.0.1:8080/", "PAPERDECK_ARXIV_ENDPOINT": "http://127.0.0.1:8081/", "HF_TOKEN": "t"}
    )
    assert (endpoints.hub, endpoints.arxiv) == ("http://127.0.0.1:8080", "http://127.0.0.1:8081")


@pytest.mark.parametrize("name", ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"])
def test_a_token_in_the_environment_is_taken_and_trimmed(name: str) -> None:
    assert Endpoints.find({name: " hf_secret\n"}).token == "hf_secret"


def test_a_token_that_the_hubs_own_tool_left_is_found(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("hf_stored\n")
    assert Endpoints.find({"HF_HOME": str(tmp_path)}).token == "hf_stored"
    assert Endpoints.find({"HF_TOKEN_PATH": str(tmp_path / "token")}).token == "hf_stored"
    assert Endpoints.find({"HF_HOME": str(tmp_path), "HF_TOKEN": "hf_other"}).token == "hf_other"


def test_an_unreadable_token_is_not_a_token(tmp_path: Path) -> None:
    (tmp_path / "token").write_bytes(b"\xff\xfe")
    assert Endpoints.find({"HF_HOME": str(tmp_path)}).token is None
    assert Endpoints.find({"HF_TOKEN": "  ", "HF_HOME": "/nowhere"}).token is None


def test_the_token_never_shows() -> None:
    endpoints = Endpoints.find({"HF_TOKEN": "hf_secret"})
    assert "hf_secret" not in f"{endpoints!r} {endpoints!s}"


@pytest.mark.parametrize(
    ("environ", "variable"),
    [
        ({"HF_HUB_OFFLINE": "1"}, "HF_HUB_OFFLINE"),
        ({"HF_HUB_OFFLINE": "yes"}, "HF_HUB_OFFLINE"),
        ({"TRANSFORMERS_OFFLINE": "True"}, "TRANSFORMERS_OFFLINE"),
        ({"HF_HUB_OFFLINE": "0"}, ""),
        ({"HF_HUB_OFFLINE": ""}, ""),
    ],
)
def test_offline_is_read_as_huggingface_hub_reads_it(environ: dict[str, str], variable: str) -> None:
    assert Endpoints.find({"HF_HOME": "/nowhere", **environ}).offline == variable


# -- links -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("endpoint", "site"),
    [
        ("", HUB),
        ("https://mirror.example/", "https://mirror.example"),
        ("https://mirror.example/hub", "https://mirror.example/hub"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
        ("mirror.example", HUB),
        ("https://user:secret@mirror.example", HUB),
        ("javascript:alert(1)", HUB),
        ("https://mirror.example/\x1b[2J", HUB),
    ],
)
def test_a_mirror_gets_the_links_and_nonsense_does_not(endpoint: str, site: str) -> None:
    assert HUB_SITE({"HF_ENDPOINT": endpoint}) == site


def test_the_mirrors_own_links_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """`add` understands them."""
    monkeypatch.setattr(identifiers, "hub_site", HUB_SITE)
    assert "mirror.example" in identifiers.hub_hosts({"HF_ENDPOINT": "https://Mirror.example:8443/x"})
    assert identifiers.hub_hosts({}) == identifiers.HUB_HOSTS


def test_a_papers_page_is_on_the_mirror(monkeypatch: pytest.MonkeyPatch) -> None:
    """`o`, copies, the digest and the feed all show `Paper.url`."""
    from paperdeck.storage.paper import Paper

    monkeypatch.setattr(identifiers, "hub_site", HUB_SITE)
    monkeypatch.setenv("HF_ENDPOINT", "https://mirror.example")
    assert Paper(id="2401.00001", sources=("hf",)).url == "https://mirror.example/papers/2401.00001"
    assert Paper(id="2401.00001", sources=("arxiv",)).url == "https://arxiv.org/abs/2401.00001"
