"""A subscription is shown before it is installed, installed once, and removed without a trace."""

import shlex
import shutil
import subprocess
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from paperdeck.storage.digest.delivery import subscribe
from paperdeck.storage.digest.delivery.crontab import Crontab
from paperdeck.storage.digest.delivery.scheduler import Call, passed_on, run_program, shell_line
from paperdeck.storage.digest.delivery.subscription import (
    Schedule,
    Subscription,
    as_comment,
    from_comment,
    parse_schedule,
)
from paperdeck.storage.digest.delivery.systemd import Systemd, calendar_of, quoted
from paperdeck.storage.errors import ActionFailed, InvalidInput
from paperdeck.tui.cli.parser_publishing import add_publishing

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
def test_what_is_no_schedule_is_refused(time: str, day: str | None) -> None:
    with pytest.raises(InvalidInput, match=r"is no (time of day|day of the week)"):
        parse_schedule(time, day)


def test_a_subscription_is_known_by_its_query_and_its_destination() -> None:
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
    "text", ["", "{}", "[1]", "null", '{"schedule": {}}', '{"schedule": {"hour": 1, "minute": 2}}']
)
def test_a_foreign_comment_is_no_subscription(text: str) -> None:
    assert from_comment(text) is None


def test_each_run_fetches_first_and_covers_what_came_since_the_last() -> None:
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
    """What the shell gets of a command: cron takes a percent sign for a line feed unless a backslash is before it."""
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


def test_a_crontab_that_cant_be_read_is_not_replaced() -> None:
    machine = Machine("0 1 * * * backup\n", broken=["crontab -l"])
    with pytest.raises(ActionFailed, match="The crontab can't be read: it is broken"):
        Crontab(CALL, machine).install(a_subscription())
    assert machine.asked == ["crontab -l"]


def test_a_command_that_cron_would_cut_is_refused() -> None:
    machine = Machine()
    with pytest.raises(ActionFailed, match="too long for a line of the crontab"):
        Crontab(CALL, machine).install(a_subscription("x" * 900))
    assert machine.crontab is None


# -- systemd -------------------------------------------------------------------------------------------------------


@pytest.fixture
def units(tmp_path: Path) -> Path:
    return tmp_path / "systemd" / "user"


def test_the_plan_is_exactly_what_is_installed(units: Path) -> None:
    machine = Machine()
    systemd = Systemd(units, CALL, machine)
    plan = systemd.plan(a_subscription(EVIL))
    assert machine.asked == []
    assert not units.exists()
    assert systemd.install(a_subscription(EVIL))
    for path in units.iterdir():
        assert str(path) in plan
        assert all(f"    {line}" in plan for line in path.read_text().splitlines() if line)
    assert all(f"$ {line}" in plan for line in machine.asked)


def test_a_timer_is_installed_once_and_changed_in_its_place(units: Path) -> None:
    systemd = Systemd(units, CALL, Machine())
    assert systemd.install(a_subscription(EVIL))
    assert not systemd.install(a_subscription(EVIL))
    assert systemd.install(a_subscription(EVIL, schedule=Schedule(9, 0, 2)))
    assert len(list(units.iterdir())) == 2
    assert systemd.installed() == [a_subscription(EVIL, schedule=Schedule(9, 0, 2))]


def test_a_removed_timer_leaves_nothing(units: Path) -> None:
    machine = Machine()
    systemd = Systemd(units, CALL, machine)
    systemd.install(a_subscription())
    (units / "other.timer").write_text("[Timer]\n")
    assert systemd.remove(a_subscription().id)
    assert [path.name for path in units.iterdir()] == ["other.timer"]
    assert machine.asked[-2:] == [
        f"systemctl --user disable --now paperdeck-digest-{a_subscription().id}.timer",
        "systemctl --user daemon-reload",
    ]
    assert not systemd.remove(a_subscription().id)


def test_what_systemd_refuses_is_not_half_installed(units: Path) -> None:
    with pytest.raises(ActionFailed, match=r"“systemctl --user enable --now .*” failed: it is broken"):
        Systemd(units, CALL, Machine(broken=["enable"])).install(a_subscription())
    assert list(units.iterdir()) == []


def test_calendars_are_those_of_systemd() -> None:
    assert calendar_of(Schedule(7, 30)) == "*-*-* 07:30:00"
    assert calendar_of(Schedule(7, 5, 0)) == "Mon *-*-* 07:05:00"


@given(LINES)
def test_systemd_gets_each_word_as_it_is(word: str) -> None:
    inside = quoted(word)[1:-1]
    plain = inside.replace("%%", "%").replace("$$", "$").replace('\\"', '"').replace("\\\\", "\\")
    assert plain == word
    assert not inside.replace("\\\\", "").replace('\\"', "").count('"')


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
def test_systemd_itself_finds_the_units_valid(units: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    call = Call((shutil.which("true") or "/bin/true",), CALL.environ)
    Systemd(units, call, Machine()).install(a_subscription(EVIL, schedule=Schedule(7, 30, 0)))
    done = run_program(["systemd-analyze", "verify", "--user", "--man=no", *map(str, sorted(units.iterdir()))], "")
    assert (done.returncode, done.stderr) == (0, "")


# -- the commands --------------------------------------------------------------------------------------------------


def paperdeck(*words: str) -> int:
    parser = ArgumentParser()
    add_publishing(parser.add_subparsers())
    options = parser.parse_args(words)
    return int(options.run(options))


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine with cron and without systemd."""
    stand_in = Machine()
    monkeypatch.setattr(subscribe, "find_schedulers", lambda call: [Crontab(call, stand_in)])
    return stand_in


@pytest.mark.parametrize(
    ("programs", "broken", "found"),
    [
        (("systemctl", "crontab"), (), ["a systemd timer", "the crontab"]),
        (("systemctl", "crontab"), ("show-environment",), ["the crontab"]),
        ((), (), []),
    ],
)
def test_a_timer_of_systemd_goes_before_the_crontab(
    tmp_path: Path, programs: Sequence[str], broken: Sequence[str], found: list[str]
) -> None:
    for name in programs:
        (tmp_path / name).touch(mode=0o755)
    schedulers = subscribe.find_schedulers(CALL, environ={"PATH": str(tmp_path)}, run=Machine(broken=broken))
    assert [scheduler.name for scheduler in schedulers] == found


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


def test_without_a_mail_server_no_subscription_is_installed(machine: Machine) -> None:
    with pytest.raises(InvalidInput, match="There is no mail server yet"):
        paperdeck("subscribe", "--daily", "07:30", "--send", "ada@example.org", "--yes")
    assert machine.asked == []


def test_where_nothing_schedules_the_command_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(subscribe, "find_schedulers", lambda call: [])
    assert paperdeck("subscribe", "a b", "--daily", "07:30", "--send", "maildir:~/Mail") == 0
    words = shlex.split(capsys.readouterr().out)
    assert words[:2] == ["env", f"PAPERDECK_HOME={tmp_path / 'deck'}"]
    assert words[-1] == "a b"
