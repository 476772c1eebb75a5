"""Addresses, token and offline switch of the sources, read from the environment.

The names are huggingface_hub's (https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from paperdeck.storage.files.disk import text_of
from paperdeck.storage.identifiers import HUB

_OFFLINE_VARIABLES = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
_TRUE = frozenset({"1", "ON", "YES", "TRUE"})
_TOKEN_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The addresses of the sources. Cheap to import and to create, as the app needs it before its first paint."""

    hub: str = HUB
    """The Hub's base without a final slash; a mirror, or a replay on loopback."""
    arxiv: str | None = None
    """One base for all of arXiv's hosts; None means arXiv's own."""
    token: str | None = field(default=None, repr=False)
    """The Hub's token; it is only ever sent to the Hub."""
    offline: str = ""
    """The name of the environment variable that forbids requests; empty if none does."""
    venues: str | None = None
    """One base for all bibliographies; None means their own."""

    @classmethod
    def find(cls, environ: Mapping[str, str] = os.environ) -> Endpoints:
        """The endpoints that the environment names: `HF_ENDPOINT`, `HF_TOKEN` and the like."""
        token = environ.get("HF_TOKEN") or environ.get("HUGGING_FACE_HUB_TOKEN") or _stored_token(environ)
        return cls(
            (environ.get("HF_ENDPOINT") or HUB).strip().rstrip("/"),
            _base(environ, "PAPERDECK_ARXIV_ENDPOINT"),
            token.strip() if token and token.strip() else None,
            offline=next((name for name in _OFFLINE_VARIABLES if environ.get(name, "").strip().upper() in _TRUE), ""),
            venues=_base(environ, "PAPERDECK_VENUE_ENDPOINT"),
        )


def _base(environ: Mapping[str, str], variable: str) -> str | None:
    return environ.get(variable, "").strip().rstrip("/") or None


def _stored_token(environ: Mapping[str, str]) -> str | None:
    """The token that `hf auth login` stored, from the place where huggingface_hub looks for it."""
    home = environ.get("HF_HOME") or str(Path(environ.get("XDG_CACHE_HOME", "~/.cache")) / "huggingface")
    path = environ.get("HF_TOKEN_PATH") or str(Path(home) / "token")
    try:
        return text_of(Path(path).expanduser())[:_TOKEN_CHARACTERS]
    except (OSError, ValueError, RuntimeError):
        return None
