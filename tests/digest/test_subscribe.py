"""A subscription is shown before it is installed, installed once, and removed without a trace."""

import os
import shlex
import subprocess
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from paperdeck.storage.digest.delivery import crontab
from paperdeck.storage.digest.delivery.crontab import Crontab, find_crontab
from paperdeck.storage.digest.delivery.subscription import (
    Call,
    Schedule,
    Subscription,
    as_comment,
    from_comment,
    parse_schedule,
    passed_on,
    shell_line,
    withheld,
    without_crontab,
)
from paperdeck.storage.errors import ActionFailed, InvalidInput
from paperdeck.tui.cli.parser import build_parser

CALL = Call(("/opt/my deck/bin/paperdeck",), {"PAPERDECK_HOME": "/srv/100% mine/$HOME"})
EVIL = "50% \"of\" 'us' $HOME `id` \\ -x; # é"
LINES = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]), max_size=60).filter(str.isprintable)


def a_subscription(query: str = "agents", **facts: object) -> Subscription:
    known = {"schedule": Schedule(7, 30), "send": "ada@example.org", "query": query}
    return Subscription(**(known | facts))  # type: ignore[arg-type]


class Machine:
    """Stands in for the programs of a machine; it only notes what is asked of it."""

    def __init__(self, crontab: str | None = None, broken: Sequence[str] = ()) -> None:
        self.crontab = crontab
        self.broken = broken
        self.asked: list[str] = []

    def __call__(self, words: Sequence[str], text: str) -> subprocess.CompletedProcess[str]:
        line = shlex.join(words)
        self.asked.append(line)
        if any(part in line for part in self.broken):
            return subprocess.CompletedProcess(words, 1, "", "it is\nbroken")
        if line == "crontab -l" and self.crontab is None:
            return subprocess.CompletedProcess(words, 1, "", "no crontab for ada")
        if line == "crontab -":
            self.crontab = text
        return subprocess.CompletedProcess(words, 0, self.crontab or "", "")


# -- schedules -----------------------------------------------------------------------------------------------------


def test_schedules_are_read_as_they_are_typed() -> None:
    assert str(parse_schedule("7:30")) == "daily at 07:30"
    assert str(parse_schedule("23.05", "monday")) == "every Mon at 23:05"


@pytest.mark.parametrize(("time", "day"), [("24:00", None), ("7", None), ("07:60", None), ("07:30", "moon"), ("", "x")])
def test_what_is_not_a_schedule_is_refused(time: str, day: str | None) -> None:
    with pytest.raises(InvalidInput, match=r"is not a (time of day|day of the week)"):
        parse_schedule(time, day)


def test_a_subscription_is_identified_by_its_query_and_its_destination() -> None:
    assert a_subscription().id == a_subscription(schedule=Schedule(9, 0), top=3).id
    assert len({a_subscription().id, a_subscription("cats").id, a_subscription(send="bo@example.org").id}) == 3


def test_a_subscription_is_one_line() -> None:
    with pytest.raises(InvalidInput, match="one line"):
        a_subscription("agents\nExecStart=/bin/false")


@given(LINES)
def test_a_comment_is_one_line_and_read_back(query: str) -> None:
    comment = as_comment(a_subscription(query))
    assert comment.isascii()
    assert "\n" not in comment
    assert from_comment(comment) == a_subscription(query)


@pytest.mark.parametrize(
    "text",
    [
        *("", "{}", "[1]", "null", '{"schedule": {}}', '{"schedule": {"hour": 1, "minute": 2}}'),
        '{"schedule": {"hour": 7, "minute": 30}, "send": 5}',
        '{"schedule": {"hour": "7", "minute": 30}, "send": "a@b.c"}',
        '{"schedule": {"hour": null, "minute": 30}, "send": "a@b.c"}',
        '{"schedule": {"hour": 7, "minute": 60}, "send": "a@b.c"}',
        '{"schedule": {"hour": 7, "minute": 3.5}, "send": "a@b.c"}',
        '{"schedule": {"hour": 7, "minute": 30, "weekday": 7}, "send": "a@b.c"}',
        '{"schedule": {"hour": 7, "minute": 30}, "send": "a@b.c", "top": "x"}',
        '{"schedule": {"hour": 7, "minute": 30}, "send": "a@b.c", "query": []}',
    ],
)
def test_a_foreign_comment_is_not_a_subscription(text: str) -> None:
    assert from_comment(text) is None


def test_each_run_fetches_first_and_covers_what_arrived_since_the_last() -> None:
    command = a_subscription().command(["paperdeck"])
    assert command[:5] == ["paperdeck", "digest", "--quiet", "--fetch", "--period"]
    assert command[5:] == ["since-last", "--top", "10", "--sort=upvotes", "--send=ada@example.org", "--", "agents"]


def test_no_secret_is_passed_on() -> None:
    environ = {"PAPERDECK_HOME": "/x", "PAPERDECK_SMTP_PASSWORD": "s", "HF_TOKEN": "s", "HF_ENDPOINT": "http://h"}
    assert passed_on(environ) == {"PAPERDECK_HOME": "/x", "HF_ENDPOINT": "http://h"}


# -- the shell and cron --------------------------------------------------------------------------------------------


@given(LINES)
def test_the_shell_gets_each_word_as_it_is(query: str) -> None:
    subscription = a_subscription(query)
    words = shlex.split(shell_line(subscription, CALL))
    assert words == ["env", "PAPERDECK_HOME=/srv/100% mine/$HOME", *subscription.command(CALL.program)]


@pytest.mark.parametrize(("weekday", "cron"), [(None, "*"), (0, "1"), (5, "6"), (6, "0")])
def test_a_crontab_line_names_the_time(weekday: int | None, cron: str) -> None:
    machine = Machine()
    Crontab(CALL, machine).install(a_subscription(schedule=Schedule(7, 5, weekday)))
    assert (machine.crontab or "").splitlines()[1].startswith(f"5 7 * * {cron} env ")


def as_cron_reads(command: str) -> str:
    """What the shell gets of a command: cron takes a percent sign for a line feed unless a backslash precedes it."""
    read, escaped = "", False
    for char in command:  # as in do_command.c of Vixie's cron
        if escaped and char != "%":
            read += "\\"
        assert escaped or char != "%"
        escaped = char == "\\"
        read += "" if escaped else char
    return read


@given(LINES)
@example(EVIL)
@example(r"\% \\% '\%'")
def test_cron_gets_each_word_as_it_is(query: str) -> None:
    machine, subscription = Machine(), a_subscription(query)
    Crontab(CALL, machine).install(subscription)
    command = (machine.crontab or "").splitlines()[1].split(" ", 5)[5]
    assert as_cron_reads(command) == shell_line(subscription, CALL)


def test_installing_twice_installs_once_and_leaves_other_lines() -> None:
    machine = Machine("MAILTO=ada\n# mine\n0 1 * * * backup\n")
    crontab = Crontab(CALL, machine)
    assert crontab.install(a_subscription(EVIL))
    once = machine.crontab
    assert not crontab.install(a_subscription(EVIL))
    assert machine.crontab == once
    assert crontab.install(a_subscription(EVIL, schedule=Schedule(9, 0)))
    assert (machine.crontab or "").count(" digest --quiet ") == 1
    assert crontab.installed() == [a_subscription(EVIL, schedule=Schedule(9, 0))]
    assert crontab.remove(a_subscription(EVIL).id)
    assert machine.crontab == "MAILTO=ada\n# mine\n0 1 * * * backup\n"
    assert not crontab.remove(a_subscription(EVIL).id)


OTHER = "0 3 * * * /home/ada/backup.sh"
EDITS: dict[str, Callable[[str, str], list[str]]] = {
    "command deleted": lambda comment, command: [comment, OTHER],
    "command moved": lambda comment, command: [comment, OTHER, "", command],
    "command first": lambda comment, command: [command, OTHER, comment],
    "daily": lambda comment, command: [comment, "@daily " + command.split(" ", 5)[5], OTHER],
    "steps": lambda comment, command: [comment, "*/30 * * * * " + command.split(" ", 5)[5], OTHER],
    "indented": lambda comment, command: [comment, f"  {command} >/dev/null 2>&1", OTHER],
    "more papers": lambda comment, command: [comment, command.replace("--top 10", "--top 20"), OTHER],
    "comment deleted": lambda comment, command: [OTHER, command],
}
"""What a reader may have made of the two lines of a subscription."""


def _edited(crontab: str | None, change: str) -> str:
    return "".join(f"{line}\n" for line in EDITS[change](*(crontab or "").splitlines()))


@pytest.mark.parametrize("query", ["", "agents", EVIL])
@pytest.mark.parametrize("change", EDITS)
def test_a_subscription_has_one_command_however_the_crontab_was_edited(change: str, query: str) -> None:
    machine, later = Machine(), a_subscription(query, schedule=Schedule(9, 0))
    crontab = Crontab(CALL, machine)
    crontab.install(a_subscription(query))
    machine.crontab = _edited(machine.crontab, change)
    crontab.install(later)
    lines = (machine.crontab or "").splitlines()
    assert OTHER in lines
    assert [line for line in lines if " digest " in line] == lines[-1:]
    assert crontab.installed() == [later]


@pytest.mark.parametrize("query", ["", "agents", EVIL])
@pytest.mark.parametrize("change", [edit for edit in EDITS if edit != "comment deleted"])
def test_removing_a_subscription_takes_its_command_and_no_other_line(change: str, query: str) -> None:
    machine = Machine()
    crontab = Crontab(CALL, machine)
    crontab.install(a_subscription(query))
    alike = [a_subscription("another"), a_subscription(query, send="bo@example.org")]
    machine.crontab = _edited(machine.crontab, change)
    for subscription in alike:
        crontab.install(subscription)
    assert crontab.remove(a_subscription(query).id)
    lines = (machine.crontab or "").splitlines()
    assert [line for line in lines if line and " digest " not in line and line[0] != "#"] == [OTHER]
    assert sum(" digest " in line for line in lines) == len(crontab.installed()) == len(alike)


def test_two_subscriptions_at_once_are_both_installed(tmp_path: Path) -> None:
    class Slow(Machine):
        def __call__(self, words: Sequence[str], text: str) -> subprocess.CompletedProcess[str]:
            done = super().__call__(words, text)
            time.sleep(0.05)
            return done

    machine = Slow("")
    (tmp_path / "crontab").touch(mode=0o755)
    environ = {"PATH": str(tmp_path), "PAPERDECK_HOME": str(tmp_path)}
    crontabs = [find_crontab(CALL, environ=environ, run=machine) for _ in range(3)]
    with ThreadPoolExecutor() as pool:
        done = [pool.submit(crontab.install, a_subscription(f"q{n}")) for n, crontab in enumerate(crontabs) if crontab]
    assert [one.result() for one in done] == [True] * 3
    assert {one.query for one in Crontab(CALL, machine).installed()} == {"q0", "q1", "q2"}


def test_what_only_resembles_a_command_of_ours_stays() -> None:
    comment = f"# paperdeck: {as_comment(a_subscription())}"
    run = "paperdeck digest --quiet --fetch --period since-last --top 10 --sort=upvotes --send=ada@example.org"
    others = [
        f"30 7 * * * {run} -- agents; x",
        f"# 30 7 * * * {run} -- agents",
        f"30 7 * * * {run}",
        "1 1 * * * echo 'x",
    ]
    machine = Machine("\n".join([comment, *others, ""]))
    assert Crontab(CALL, machine).remove(a_subscription().id)
    assert machine.crontab == "\n".join([*others, ""])


@pytest.mark.parametrize("query", ["", "agents", EVIL])
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("'PAPERDECK_HOME=/srv/100", "'PAPERDECK_HOME=/srv/20"),
        (" env ", " cd /srv/other && env "),
        (" 7 * * * env ", " 7 * * * nice env "),
    ],
)
@pytest.mark.parametrize("end", ["", " && notify-send done", " >/dev/null 2>&1"])
def test_a_command_without_our_comment_is_ours_only_if_it_is_nothing_else_and_for_this_library(
    query: str, ours: str, theirs: str, end: str
) -> None:
    machine = Machine()
    crontab = Crontab(CALL, machine)
    crontab.install(a_subscription(query))
    comment, command = (machine.crontab or "").splitlines()
    changed = [command.replace(ours, theirs, 1), *([command + end] if end else [])]
    assert command not in changed
    machine.crontab = "".join(f"{line}\n" for line in [*changed, comment, command])
    crontab.install(a_subscription(query, schedule=Schedule(9, 0)))
    assert (machine.crontab or "").splitlines()[:-2] == changed
    assert crontab.remove(a_subscription(query).id)
    assert (machine.crontab or "").splitlines() == crontab.others(a_subscription(query)) == changed


def test_other_lines_stay_as_they_are_byte_for_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tab = tmp_path / "tab"
    lines = "0 1 * * * echo 'a\u2028b\x0cc\x85d\re' >> /dev/null\n# x\r\n\n\n0 2 * * * y\n".encode() + b"# \xff\n"
    tab.write_bytes(lines)
    (tmp_path / "crontab").write_text(f'#!/bin/sh\n[ "$1" = - ] && exec cat > "{tab}"\ncat "{tab}"\n')
    (tmp_path / "crontab").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    crontab = find_crontab(CALL)
    assert crontab
    assert crontab.install(a_subscription())
    assert tab.read_bytes().startswith(lines + b"# paperdeck: ")
    assert len(tab.read_bytes().removeprefix(lines).splitlines()) == 2
    assert crontab.remove(a_subscription().id)
    assert tab.read_bytes() == lines


def test_a_crontab_that_cant_be_read_is_not_replaced() -> None:
    machine = Machine("0 1 * * * backup\n", broken=["crontab -l"])
    with pytest.raises(ActionFailed, match="The crontab can't be read: it is broken"):
        Crontab(CALL, machine).install(a_subscription())
    assert machine.asked == ["crontab -l"]


def test_a_command_that_cron_would_cut_is_refused() -> None:
    machine = Machine()
    with pytest.raises(ActionFailed, match="too long for the crontab"):
        Crontab(CALL, machine).install(a_subscription("x" * 900))
    assert machine.crontab is None


def test_paths_are_passed_on_from_the_root_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    environ = {"PAPERDECK_HOME": "lib:2", "HF_TOKEN_PATH": "~/t", "SSL_CERT_FILE": "c.pem", "SSL_CERT_DIR": "a::/b"}
    assert passed_on(environ | {"HF_HOME": "./hf", "XDG_DATA_HOME": "ignored"}) == {
        "PAPERDECK_HOME": f"{tmp_path}/lib:2",
        "HF_HOME": f"{tmp_path}/hf",
        "HF_TOKEN_PATH": f"{Path.home()}/t",
        "XDG_DATA_HOME": "ignored",
        "SSL_CERT_FILE": f"{tmp_path}/c.pem",
        "SSL_CERT_DIR": f"{tmp_path}/a::/b",
    }


@pytest.mark.parametrize(
    "name", ["HTTPS_PROXY", "https_proxy", "NO_PROXY", "HF_ENDPOINT", "PAPERDECK_ARXIV_ENDPOINT", "ALL_PROXY"]
)
def test_the_way_to_the_network_is_passed_on(name: str) -> None:
    """Cron starts without the environment of the shell."""
    assert passed_on({name: "http://127.0.0.1:9"}) == {name: "http://127.0.0.1:9"}
    line = shell_line(a_subscription(), Call(("paperdeck",), passed_on({name: "http://127.0.0.1:9"})))
    assert line.startswith(f"env {name}=http://127.0.0.1:9 paperdeck digest")


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "all_proxy", "HF_ENDPOINT", "PAPERDECK_ARXIV_ENDPOINT"])
def test_an_address_with_a_password_is_withheld(name: str) -> None:
    environ = {name: "http://ada:secret@mirror:3128", "NO_PROXY": "localhost", "HF_HOME": "/srv/@home"}
    assert passed_on(environ) == {"NO_PROXY": "localhost", "HF_HOME": "/srv/@home"}
    assert withheld(environ) == [name]


def test_a_folder_whose_name_is_not_text_reaches_cron_unchanged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names of files are bytes."""
    home = os.fsdecode(b"/srv/\xff")
    (tmp_path / "crontab").write_text('#!/bin/sh\n[ "$1" = - ] && exec cat >"$0.tab"\necho no crontab >&2; exit 1\n')
    (tmp_path / "crontab").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    crontab = find_crontab(Call(("paperdeck",), passed_on({"PAPERDECK_HOME": home})))
    assert crontab
    crontab.install(a_subscription(send=f"maildir:{home}"))
    written = (tmp_path / "crontab.tab").read_bytes()
    assert b"'PAPERDECK_HOME=/srv/\xff'" in written
    assert b"maildir:/srv/\xff" in written


@pytest.mark.parametrize(("weekday", "days"), [(None, "/SC DAILY"), (0, "/SC WEEKLY /D MON")])
def test_windows_gets_a_command_for_its_own_scheduler(weekday: int | None, days: str) -> None:
    line = without_crontab(a_subscription("a b", schedule=Schedule(7, 5, weekday)), CALL, "win32")
    assert line.startswith(f"schtasks /Create /TN paperdeck-{a_subscription('a b').id} {days} /ST 07:05 /TR ")


# -- the commands --------------------------------------------------------------------------------------------------


def paperdeck(*words: str) -> int:
    options = build_parser([words[0]]).parse_args(words)
    return int(options.run(options))


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine with cron."""
    stand_in = Machine()
    monkeypatch.setattr(crontab, "find_crontab", lambda call: Crontab(call, stand_in))
    return stand_in


def test_a_crontab_is_used_where_there_is_one(tmp_path: Path) -> None:
    assert find_crontab(CALL, environ={"PATH": str(tmp_path)}) is None
    (tmp_path / "crontab").touch(mode=0o755)
    assert find_crontab(CALL, environ={"PATH": str(tmp_path)})


def test_a_dry_run_only_shows_what_it_would_do(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    assert paperdeck("subscribe", "agents", "--daily", "07:30", "--send", "maildir:~/Mail/papers", "--dry-run") == 0
    assert "30 7 * * * env PAPERDECK_HOME=" in capsys.readouterr().out
    assert machine.crontab is None


def test_without_consent_nothing_is_installed(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    assert paperdeck("subscribe", "--weekly", "mon", "07:30", "--send", "maildir:~/Mail/papers") == 1
    assert machine.crontab is None
    assert "add --yes" in capsys.readouterr().err


def test_subscriptions_come_and_go(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        assert paperdeck("subscribe", "--daily", "07:30", "--send", "maildir:~/Mail", "--yes", "--", "-x a") == 0
    capsys.readouterr()
    paperdeck("subscriptions")
    (line,) = capsys.readouterr().out.splitlines()
    name, schedule, destination, query = line.split("\t")
    assert (schedule, query) == ("daily at 07:30", "-x a")
    assert destination.startswith("maildir:/")
    assert paperdeck("unsubscribe", name) == 0
    with pytest.raises(InvalidInput, match="There is no subscription"):
        paperdeck("unsubscribe", name)


def test_a_line_that_sends_the_same_digest_but_is_not_ours_is_named(
    machine: Machine, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    send = f"maildir:{tmp_path / 'mail'}"
    command = shlex.join(a_subscription("", send=send).command(["paperdeck"]))
    machine.crontab = line = f"0 9 * * * cd /srv && {command} && notify-send done\n"
    for words in (("subscribe", "--daily", "07:30", "--send", send, "--yes"), ("unsubscribe", "--all")):
        assert paperdeck(*words) == 0
        assert "&& notify-send done" in capsys.readouterr().err
    assert machine.crontab == line


def test_without_a_mail_server_no_subscription_is_installed(machine: Machine) -> None:
    with pytest.raises(InvalidInput, match="There is no mail server yet"):
        paperdeck("subscribe", "--daily", "07:30", "--send", "ada@example.org", "--yes")
    assert machine.asked == []


def test_where_nothing_schedules_the_command_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(crontab, "find_crontab", lambda call: None)
    assert paperdeck("subscribe", "a b", "--daily", "07:30", "--send", "maildir:~/Mail") == 0
    words = shlex.split(capsys.readouterr().out)
    assert words[:2] == ["env", f"PAPERDECK_HOME={tmp_path / 'deck'}"]
    assert words[-1] == "a b"
