"""Runs the tests in several processes that are forked once all tests are collected: `-p tests.support.forks --forks 3`.

Collecting takes a tenth as long as running all tests, and plug-ins that start workers make each of them collect.
"""

from __future__ import annotations

import gc
import io
import os
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, NamedTuple

import pytest

LONGEST_CHUNK = 4
"""How many tests of a module a process takes at once; all of them if the module sets IN_ONE_PROCESS."""
GARBAGE_OBJECTS = 50_000
"""After how many new objects garbage is collected: rarely, as each test leaves a whole app and memory is ample."""
Chunk = Sequence[pytest.Item]
Take = Callable[[], "Chunk | None"]
"""Gives the next tests that nobody has taken; nothing if there are none."""


class Fork(NamedTuple):
    """A process that runs tests, and what its reports come through."""

    process: BaseProcess
    reports: Connection


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option `--forks`."""
    parser.addoption("--forks", type=int, default=0, help="in how many processes to run the tests")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Collect no garbage until the tests run: what is imported and collected stays."""
    if early_config.known_args_namespace.forks:
        gc.disable()


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Run the tests in forks if that is wanted and the system can."""
    gc.enable()
    number = session.config.getoption("forks")
    options = session.config.option
    writes_pictures = getattr(options, "update_snapshots", False)  # syrupy writes them in the process that collected
    if not number or session.testsfailed or options.collectonly or writes_pictures or not hasattr(os, "fork"):
        return None
    gc.collect()
    gc.freeze()  # so that no fork looks through what was collected
    context = get_context("fork")
    chunks = list(chunked(session.items))
    taken = context.Value("i", 0)

    def take() -> Chunk | None:
        with taken.get_lock():
            taken.value += 1
            return chunks[taken.value - 1] if taken.value <= len(chunks) else None

    forks = []
    for _ in range(number):
        reading, writing = context.Pipe(duplex=False)
        process = context.Process(target=_work, args=(session, take, writing))
        process.start()
        writing.close()
        forks.append(Fork(process, reading))
    try:
        for report in _reports(session, forks):
            session.config.hook.pytest_runtest_logreport(report=report)
            if session.shouldfail or session.shouldstop:
                taken.value = len(chunks)
    finally:
        for fork in forks:
            fork.process.terminate()
            fork.process.join()
    if stopped := session.shouldfail or session.shouldstop:
        raise session.Interrupted(stopped)
    return True


def chunked(items: Sequence[pytest.Item]) -> Iterator[Chunk]:
    """The tests by modules, the last modules first: those of the whole app take longest, and come last otherwise."""
    for _, found in groupby(reversed(items), key=lambda item: item.path):
        tests = list(found)
        module = getattr(tests[0], "module", None)
        length = len(tests) if getattr(module, "IN_ONE_PROCESS", False) else LONGEST_CHUNK
        yield from (tests[begin : begin + length] for begin in range(0, len(tests), length))


def _reports(session: pytest.Session, forks: Sequence[Fork]) -> Iterator[pytest.TestReport]:
    """What the forks report, as it comes; a fork that ends too soon is a failure."""
    running = {fork.reports: fork for fork in forks}
    begun: dict[Connection, str] = {}
    while running:
        for reports in wait(list(running)):
            assert isinstance(reports, Connection)
            try:
                data = reports.recv()
            except EOFError:
                fork = running.pop(reports)
                fork.process.join()
                if fork.process.exitcode:
                    yield _failure(begun[reports], f"Its process ended with code {fork.process.exitcode}.")
                continue
            match data:
                case {}:
                    yield session.config.hook.pytest_report_from_serializable(config=session.config, data=data)
                case _Begun(test):
                    begun[reports] = test
                case _:
                    yield _failure("the end of a process", data)


def _failure(test: str, said: str) -> pytest.TestReport:
    return pytest.TestReport(test, (test, 0, test), {}, "failed", said, "call")


class _Begun(NamedTuple):
    """What a fork sends before it runs a test."""

    test: str


class _Sender:
    """Sends the reports of a fork."""

    def __init__(self, config: pytest.Config, reports: Connection) -> None:
        self._config, self._reports = config, reports

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Send which test begins, in case it ends the process."""
        self._reports.send(_Begun(nodeid))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Send what has become of a test."""
        data = self._config.hook.pytest_report_to_serializable(config=self._config, report=report)
        self._reports.send(data)


def _work(session: pytest.Session, take: Take, reports: Connection) -> None:
    """Run tests until there are no more; in a fork."""
    config = session.config
    capturing: Any = config.pluginmanager.getplugin("capturemanager")
    capturing.stop_global_capturing()  # its file is shared with the other forks
    capturing.start_global_capturing()
    config.get_terminal_writer()._file = io.StringIO()  # the parent reports the results
    config.pluginmanager.register(_Sender(config, reports))
    gc.set_threshold(GARBAGE_OBJECTS)
    item = next(items := _items(take), None)
    while item:
        following = next(items, None)
        config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        item = following
    gc.collect()
    gc.freeze()  # pytest collects garbage five more times, to find what was never closed
    try:
        config._ensure_unconfigure()
    except Exception as error:  # noqa: BLE001 - whatever it is, it fails the tests
        reports.send(f"{type(error).__name__} at the end of a process of tests: {error}")


def _items(take: Take) -> Iterator[pytest.Item]:
    while chunk := take():
        yield from chunk
