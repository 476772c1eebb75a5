"""The environment variables that paperdeck reads, with what each does; for the docs and the man page."""

from __future__ import annotations

from collections.abc import Mapping

ENVIRONMENT: Mapping[str, str] = {
    "PAPERDECK_HOME": "keeps settings, marks, papers and state in this one folder",
    "PAPERDECK_SMTP_PASSWORD": "the password of the mail server",
    "PAPERDECK_ARXIV_ENDPOINT": "an address to use instead of arXiv",
    "PAPERDECK_VENUE_ENDPOINT": "an address to use instead of the bibliographies that know published forms",
    "PAPERDECK_ZOTERO_ENDPOINT": "where Zotero listens on this machine; the default is `http://127.0.0.1:23119`",
    "HF_ENDPOINT": "a mirror of the Hub, for requests and links",
    "HF_TOKEN": "a token for the Hub; it is sent only to the Hub",
    "HUGGING_FACE_HUB_TOKEN": "the same under its older name",
    "HF_TOKEN_PATH": "the file in which `hf auth login` stored a token",
    "HF_HOME": "the folder of huggingface_hub, which holds that file",
    "HF_HUB_OFFLINE": "`1` switches off all fetching",
    "TRANSFORMERS_OFFLINE": "the same",
    "HTTPS_PROXY": "a proxy, SOCKS included; `ALL_PROXY` and `HTTP_PROXY` likewise",
    "NO_PROXY": "hosts to reach without the proxy",
    "SSL_CERT_FILE": "certificates to trust instead of the usual ones; `SSL_CERT_DIR` names a folder of them",
    "XDG_CONFIG_HOME": "the parent of the settings folder; `XDG_DATA_HOME`, `XDG_CACHE_HOME` and "
    "`XDG_STATE_HOME` likewise",
    "BROWSER": "the program that opens links",
    "VISUAL": "the editor for notes and settings; if unset, `EDITOR`",
    "NO_COLOR": "prints lists without bold type",
    "TEXTUAL_ANIMATIONS": "`none` stops everything that moves by itself",
}
"""What each variable does, in a few words for a table."""
