"""What a run does to its streams, where the platform matters."""

from __future__ import annotations

import io

import pytest

from paperdeck.tui.cli.process import write_utf8


def test_a_pipe_of_windows_gets_utf8(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONIOENCODING", raising=False)
    data = io.BytesIO()
    stream = io.TextIOWrapper(data, encoding="cp1252", errors="strict")
    write_utf8(stream)
    stream.write("深度学习 by Erdős")
    stream.flush()
    assert data.getvalue() == "深度学习 by Erdős".encode()


def test_an_encoding_that_the_user_chose_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "cp1252")
    stream = io.TextIOWrapper(io.BytesIO(), encoding="cp1252")
    write_utf8(stream)
    write_utf8(None)
    assert stream.encoding == "cp1252"
