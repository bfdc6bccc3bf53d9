"""Az: the command line of one test."""

from __future__ import annotations

import os
import shlex
import threading
import traceback
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pytest_mlschedule.az.arguments import HELP, read_arguments
from pytest_mlschedule.az.call import AzCall
from pytest_mlschedule.az.catalogue import find_command, help_text
from pytest_mlschedule.az.child import find_folder
from pytest_mlschedule.az.command import Command, Context
from pytest_mlschedule.az.configuration import DEFAULTS, AzConfiguration
from pytest_mlschedule.az.errors import AzCommandError, AzError, translate, usage_error
from pytest_mlschedule.az.formats import format_answer
from pytest_mlschedule.az.releases import CORE_VERSION, find_release
from pytest_mlschedule.az.result import AzResult
from pytest_mlschedule.errors import MLScheduleError

if TYPE_CHECKING:
    from pytest_mlschedule.workspace.workspace import FakeWorkspace


class Az:
    """An az that knows some workspaces and nothing else; the first of them is what calls without ``-g`` and ``-w`` mean.

    Call it with a command line: ``az("ml schedule list -o json")``. The fixture ``ml_az`` puts the same az on PATH.
    """

    def __init__(self, workspace: FakeWorkspace, *others: FakeWorkspace, release: str = "documented") -> None:
        self._workspaces = [workspace, *others]
        self._lock = threading.RLock()
        self._calls: list[AzResult] = []
        self.release = release
        self.configuration = AzConfiguration({"group": workspace.resource_group, "workspace": workspace.name})
        """What ``az configure`` and ``az config`` set."""

    def __repr__(self) -> str:
        return f"<Az of {', '.join(workspace.name for workspace in self._workspaces)}: {len(self._calls)} calls>"

    @property
    def release(self) -> str:
        """As which release it behaves: "documented", "2.44" or "2.45" of the ml extension. Can be set at any time."""
        return self._release

    @release.setter
    def release(self, name: str) -> None:
        find_release(name)
        self._release = name

    @property
    def workspaces(self) -> tuple[FakeWorkspace, ...]:
        """The workspaces that it knows."""
        return tuple(self._workspaces)

    def add(self, workspace: FakeWorkspace) -> None:
        """Add a workspace, for calls that name it."""
        self._workspaces.append(workspace)

    @property
    def calls(self) -> tuple[AzResult, ...]:
        """Every call so far, those of scripts too, in the order in which they ended."""
        return tuple(self._calls)

    def __call__(self, command: str | Sequence[str], *, check: bool = False) -> AzResult:
        """Run a command line in this process: text as for a POSIX shell, or a list of arguments; ``az`` in front may be left out.

        ``check``: raise AzCommandError where it fails. Raises TypeError for a command that is neither.
        """
        words = _split(command)
        arguments = tuple(words[1:] if words[:1] == ["az"] else words)
        variables = {name: value for name, value in os.environ.items() if name.startswith("AZURE_")}
        result = self.answer(AzCall(arguments, find_folder(), variables))
        if check and result.exit_code:
            raise AzCommandError(result)
        return result

    def answer(self, call: AzCall) -> AzResult:
        """The answer to a call. One is carried out at a time."""
        with self._lock:
            result = self._answer(call)
            self._calls.append(result)
        return result

    def _answer(self, call: AzCall) -> AzResult:
        try:
            arguments = call.expand()
            words = _leading_words(arguments)
            if not arguments or any(argument in HELP for argument in arguments):
                return AzResult(call.arguments, 0, help_text(words))
            if arguments[0] in ("--version", "-v"):
                return AzResult(call.arguments, 0, self._versions())
            command = find_command(words)
            return self._run(command, call, arguments[len(command.words.split()) :])
        except AzError as failure:
            return AzResult(call.arguments, failure.exit_code, "", failure.text)
        except Exception:  # ours, or of a callback of the test: a script gets to see it, as it would of the real one
            head = "ERROR: The command failed with an unexpected error. Here is the traceback:"
            return AzResult(call.arguments, 1, "", f"{head}\n{traceback.format_exc()}")

    def _run(self, command: Command, call: AzCall, arguments: list[str]) -> AzResult:
        context = self._context(command, call, arguments)
        options = context.options
        try:
            data = command.run(context)
            text = format_answer(data, options.output, query=options.query, table=command.table)
        except MLScheduleError as failure:
            error = translate(failure)
            return AzResult(call.arguments, error.exit_code, context.progress, "".join(context.notes) + error.text)
        return AzResult(call.arguments, 0, context.progress + text, "".join(context.notes))

    def _context(self, command: Command, call: AzCall, arguments: list[str]) -> Context:
        configured = {
            name: value
            for name in ("group", "workspace")
            if (value := self.configuration.get(DEFAULTS, name, call.environment)) is not None
        }
        form = self.configuration.get("core", "output", call.environment)
        defaults = configured | ({"output": form} if form else {})
        try:
            options, unknown = read_arguments(command.words, command.options, arguments, defaults)
            if unknown and not command.is_open:
                raise usage_error(f"unrecognized arguments: {' '.join(unknown)}")
        except AzError as failure:
            hints = [f"({hint})" for option, hint in command.hints if option in arguments]
            raise AzError(str(failure), failure.exit_code, (*hints, *failure.advice)) from None
        return Context(call, options, self.configuration, self.workspaces, find_release(self.release))

    def _versions(self) -> str:
        version = find_release(self.release).version
        return f"azure-cli                         {CORE_VERSION}\n\nExtensions:\nml                                {version}\n\n"


def _split(command: str | Sequence[str]) -> list[str]:
    if isinstance(command, str):
        return shlex.split(command)
    if not isinstance(command, Sequence):
        raise TypeError(f"a command is a text or a list of texts, not {type(command).__name__}")
    for word in command:
        if not isinstance(word, str):
            raise TypeError(
                f"a command is a list of texts, and {word!r} is of type {type(word).__name__}: write str(...)"
            )
    return list(command)


def _leading_words(arguments: Sequence[str]) -> list[str]:
    words: list[str] = []
    for argument in arguments:
        if argument.startswith("-"):
            break
        words.append(argument)
    return words
