"""Desktop notifications: one program for each platform, and untrusted words that stay words."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from paperdeck.storage.errors import ActionFailed
from paperdeck.storage.settings.places import Places
from paperdeck.tui.__main__ import main
from paperdeck.tui.notification import notifier, notify
from tests.support.hub import FakeHub, item

HOSTILE = '--icon=x <b>bold</b> $(touch owned) " & display dialog "owned'


@pytest.mark.parametrize("platform", ["linux", "freebsd14", "darwin", "win32"])
def test_untrusted_words_are_one_word_of_a_command_that_is_always_the_same(platform: str) -> None:
    calm, hostile = (notifier("paperdeck", text, platform) for text in ("calm", HOSTILE))
    differ = [place for place, (a, b) in enumerate(zip(calm.command, hostile.command, strict=True)) if a != b]
    assert differ == ([] if platform == "win32" else [len(calm.command) - 1])
    if platform == "win32":
        assert hostile.environ["NOTICE_TEXT"] == HOSTILE


def test_what_a_notification_may_read_as_markup_is_escaped() -> None:
    command = notifier("paperdeck", HOSTILE, "linux").command
    assert "<" not in command[-1]
    assert command[-3] == "--"  # what follows is not an option


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A `notify-send` that writes down its words."""
    monkeypatch.setattr("sys.platform", "linux")
    folder = tmp_path / "bin"
    folder.mkdir()
    noted = tmp_path / "noted"
    script = folder / "notify-send"
    script.write_text(
        f"#!{sys.executable}\nimport json, sys\nopen({str(noted)!r}, 'a').write(json.dumps(sys.argv[1:]) + '\\n')\n"
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return noted


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    hub = FakeHub(today=datetime.now(UTC).date())
    titles = [HOSTILE, "Second", "Third", "Fourth"]
    hub.list_day(hub.today, *(item(f"2611.0000{place}", title) for place, title in enumerate(titles, 1)))
    monkeypatch.setenv("HF_ENDPOINT", hub.start().url)
    yield hub
    hub.stop()


def test_a_fetch_tells_of_new_papers_once(hub: FakeHub, places: Places, program: Path) -> None:
    for _ in range(2):
        assert main(["fetch", "--days", "1", "--notify"]) == 0
    (words,) = map(json.loads, program.read_text().splitlines())
    assert words[:3] == ["--app-name=paperdeck", "--", "paperdeck: 4 new papers"]
    lines = words[3].split("\n")
    assert len(lines) == 4
    assert lines[3] == "and 1 more"


def test_where_no_notification_can_be_shown_the_fetch_counts_all_the_same(
    hub: FakeHub, places: Places, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    assert main(["fetch", "--days", "1", "--notify"]) == 0
    assert "paperdeck: No notification was shown: " in capsys.readouterr().err


def test_a_program_that_fails_is_one_sentence(program: Path) -> None:
    script = Path(os.environ["PATH"].split(os.pathsep)[0], "notify-send")
    script.write_text(f"#!{sys.executable}\nimport sys; sys.exit(3)\n")
    with pytest.raises(ActionFailed, match=r"notify-send failed \(code 3\)"):
        notify("a", "b")
