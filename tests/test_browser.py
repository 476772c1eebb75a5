"""Only web links are opened, and the browser never gets hold of our screen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from paperdeck.storage.errors import ActionFailed
from paperdeck.storage.settings.places import Places
from paperdeck.tui import clipboard
from paperdeck.tui.browser import browser_command, open_file, open_link
from paperdeck.tui.clipboard import Copied, Way
from tests.conftest import MakePaper
from tests.support.app_tools import eventually, fill, reading
from tests.support.widgets import shown_text

LINK = "https://arxiv.org/abs/2611.00001"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], dict[str, Any]]]:
    """The programs that were started, with their options; none really is."""
    calls: list[tuple[list[str], dict[str, Any]]] = []

    def note(command: list[str], **options: Any) -> SimpleNamespace:
        calls.append((command, options))
        return SimpleNamespace(wait=lambda: 0)

    monkeypatch.setattr(subprocess, "Popen", note)
    return calls


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of programs that is all there is on the PATH, on a system like Linux."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("firefox", "xdg-open", "gio", "wslview", "lynx", "w3m"):
        (folder / name).write_text("#!/bin/sh\n")
        (folder / name).chmod(0o755)
    return folder


def environ(programs: Path, **variables: str) -> dict[str, str]:
    return {"PATH": str(programs), **variables}


# -- what is opened --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("link", [LINK, "http://127.0.0.1:8000/papers/2611.00001"])
def test_web_links_are_opened(link: str, programs: Path, started: list[Any]) -> None:
    open_link(link, environ(programs, BROWSER="firefox"))
    assert [command for command, _ in started] == [[str(programs / "firefox"), link]]


@pytest.mark.parametrize(
    "link",
    [
        None,
        "",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "--help",
        "mailto:a@b.example",
        "https://a.example/ --flag",
    ],
)
def test_nothing_else_is_opened(link: str | None, programs: Path, started: list[Any]) -> None:
    with pytest.raises(ActionFailed, match="no web link"):
        open_link(link, environ(programs, BROWSER="firefox"))
    assert not started


# -- who opens it ----------------------------------------------------------------------------------------------------


def test_the_readers_choice_comes_first(programs: Path) -> None:
    wish = os.pathsep.join(["nowhere", "firefox", "xdg-open"])
    assert browser_command(environ(programs, BROWSER=wish, DISPLAY=":0")) == [str(programs / "firefox")]


@pytest.mark.parametrize("wish", ["lynx", "w3m"])
def test_a_browser_that_draws_in_the_terminal_is_never_taken(wish: str, programs: Path) -> None:
    assert browser_command(environ(programs, BROWSER=wish, DISPLAY=":0")) == [str(programs / "xdg-open")]


@pytest.mark.parametrize("display", ["DISPLAY", "WAYLAND_DISPLAY"])
def test_with_a_display_the_desktop_opens_it(display: str, programs: Path) -> None:
    assert browser_command(environ(programs, **{display: "0"})) == [str(programs / "xdg-open")]
    (programs / "xdg-open").unlink()
    assert browser_command(environ(programs, **{display: "0"})) == [str(programs / "gio"), "open"]


def test_without_a_display_only_the_host_system_can_open_it(programs: Path) -> None:
    assert browser_command(environ(programs)) == [str(programs / "wslview")]


def test_where_there_is_no_browser_that_is_reported(programs: Path, started: list[Any]) -> None:
    (programs / "wslview").unlink()
    assert browser_command(environ(programs)) is None
    with pytest.raises(ActionFailed, match="No browser was found"):
        open_link(LINK, environ(programs))
    assert not started


def test_macos_has_its_own_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert browser_command({"PATH": ""}) == ["open"]


def test_windows_opens_links_and_files_itself(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    opened: list[str] = []
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(os, "startfile", opened.append, raising=False)
    open_link(LINK, {"PATH": ""})
    open_file(tmp_path / "a.pdf", {"PATH": ""})
    assert opened == [LINK, str(tmp_path / "a.pdf")]


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ("firefox --new-tab %s", ["--new-tab", LINK]),
        ("firefox --new-tab", ["--new-tab", LINK]),
        ("firefox --url=%s -P 'my profile'", [f"--url={LINK}", "-P", "my profile"]),
        ("firefox 100%% %s", ["100%", LINK]),
        ("'firefox", None),
        ("nowhere %s", None),
        ("'firefox" + os.pathsep + "firefox %s", [LINK]),
    ],
)
def test_browser_may_have_arguments_and_a_place_for_the_link(
    wish: str, words: list[str] | None, programs: Path, started: list[Any]
) -> None:
    """BROWSER as freedesktop and Python read it; nonsense in it is ignored."""
    open_link(LINK, environ(programs, BROWSER=wish))
    expected = [str(programs / "wslview"), LINK] if words is None else [str(programs / "firefox"), *words]
    assert [command for command, _ in started] == [expected]


def test_a_program_whose_path_has_spaces_is_one_word(programs: Path, started: list[Any]) -> None:
    (programs / "my browser").write_text("#!/bin/sh\n")
    (programs / "my browser").chmod(0o755)
    open_link(LINK, environ(programs, BROWSER=str(programs / "my browser")))
    assert [command for command, _ in started] == [[str(programs / "my browser"), LINK]]


def test_a_link_cannot_run_a_command_in_a_shell_that_the_user_named(programs: Path, started: list[Any]) -> None:
    (programs / "sh").write_text("#!/bin/sh\n")
    (programs / "sh").chmod(0o755)
    open_link("https://a.example/$(reboot)`x`;y&z|(q)", environ(programs, BROWSER='sh -c "firefox %s"'))
    script = started[0][0][2]
    assert not set("$`;&|()") & set(script)


def test_nonsense_in_browser_is_named_where_nothing_else_is(programs: Path, started: list[Any]) -> None:
    (programs / "wslview").unlink()
    with pytest.raises(ActionFailed, match=r"\$BROWSER “nowhere -x” was not found"):
        open_link(LINK, environ(programs, BROWSER="nowhere -x"))


async def test_a_browser_that_fails_at_once_is_reported_and_one_that_stays_is_not_waited_for(programs: Path) -> None:
    """An exit code within the first half second."""
    for name, script in {"fails": "exit 3", "hands-over": "exit 0", "stays": "exec sleep 5"}.items():
        (programs / name).write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\n{script}\n")
        (programs / name).chmod(0o755)
    with pytest.raises(ActionFailed, match=r"fails failed \(code 3\)"):
        await open_link(LINK, environ(programs, BROWSER="fails")).check(30)
    await open_link(LINK, environ(programs, BROWSER="hands-over")).check(30)
    stays = open_link(LINK, environ(programs, BROWSER="stays"))
    await stays.check(0.01)


def test_a_browser_that_cannot_be_started_is_reported(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    with pytest.raises(ActionFailed, match=r"firefox can't be started \(Permission denied\)"):
        open_link(LINK, environ(programs, BROWSER="firefox"))


# -- how -------------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="there are no sessions on Windows")
def test_the_browser_gets_none_of_our_terminal(tmp_path: Path) -> None:
    told = tmp_path / "told.json"
    browser = tmp_path / "browser"
    browser.write_text(
        f"#!{sys.executable}\n"
        "import json, os, sys\n"
        "told = [sys.argv[1:], [os.readlink(f'/proc/self/fd/{n}') if os.path.exists('/proc') else '/dev/null'"
        " for n in (0, 1, 2)], os.getsid(0)]\n"
        f"open({str(told) + '.part'!r}, 'w').write(json.dumps(told))\n"
        f"os.rename({str(told) + '.part'!r}, {str(told)!r})\n"
    )
    browser.chmod(0o755)
    open_link(LINK, {"PATH": str(tmp_path), "BROWSER": "browser"})
    arguments, files, session = wait_for(told)
    assert arguments == [LINK]
    assert files == ["/dev/null"] * 3
    assert session != os.getsid(0)


def wait_for(path: Path) -> Any:
    """What a program that was not waited for wrote."""
    for _ in range(500):
        if path.exists():
            return json.loads(path.read_text())
        time.sleep(0.01)
    raise AssertionError("the browser was not started")


async def test_the_link_of_a_browser_that_fails_is_copied_and_shown(
    places: Places, make_paper: MakePaper, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`BROWSER=failbrowser` was said to have opened the page."""
    copied: list[str] = []

    async def copy(text: str, *_: object) -> Copied:
        copied.append(text)
        return Copied(Way.PROGRAM)

    monkeypatch.setattr(clipboard, "copy", copy)
    (programs / "fails").write_text("#!/bin/sh\nexit 3\n")
    (programs / "fails").chmod(0o755)
    monkeypatch.setenv("BROWSER", str(programs / "fails"))
    fill(places, [make_paper(1)])
    async with reading(places, size=(160, 30)) as (app, pilot):
        await pilot.press("o")
        await eventually(lambda: "fails failed (code 3). Copied https://" in shown_text(app))
    assert len(copied) == 1
