"""The addresses of the Hub's web pages; the only module that contains its host name.

People who can't reach huggingface.co set `HF_ENDPOINT` to a mirror, as huggingface_hub documents; then links lead to
the mirror, and links to the mirror are recognised. Reads only the environment, so every package may use it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

HUB = "https://huggingface.co"
"""The Hub itself."""
HUB_HOSTS = frozenset({"huggingface.co", "www.huggingface.co", "hf.co", "hf-mirror.com"})
"""Hosts on which `/papers/ID` is the page of a paper, whatever the environment says."""
_SITE = re.compile(r"(?i)https?://(?P<host>(?:[a-z0-9_.-]+|\[[0-9a-f:.]+\]))(?::\d{1,5})?(?:/[\w.~/-]*)?")


def hub_site(environ: Mapping[str, str] = os.environ) -> str:
    """The base of the Hub's pages, without a final slash: `HF_ENDPOINT`, or HUB if that is unset or not a web address.

    An address with a user name or password in it is never used for links.
    """
    endpoint = environ.get("HF_ENDPOINT", "").strip().rstrip("/")
    return endpoint if _SITE.fullmatch(endpoint) else HUB


def hub_page(path: str) -> str:
    """The address of a page on the Hub, such as `papers/2401.12345`."""
    return f"{hub_site()}/{path}"


def hub_hosts(environ: Mapping[str, str] = os.environ) -> frozenset[str]:
    """The hosts on which `/papers/ID` is the page of a paper, in lower case, including that of `HF_ENDPOINT`."""
    found = _SITE.fullmatch(hub_site(environ))
    return HUB_HOSTS | {found["host"].lower()} if found else HUB_HOSTS
