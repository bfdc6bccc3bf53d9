"""How a command fails: exit code and standard error in the words of az."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from pytest_mlschedule.diagnostics import Diagnostic, Severity
from pytest_mlschedule.errors import AuthorizationError, DefinitionError, MLScheduleError, ResourceNotFoundError

if TYPE_CHECKING:
    from pytest_mlschedule.az.call import AzCall
    from pytest_mlschedule.az.result import AzResult

REFERENCE = ("", "https://aka.ms/cli_ref", "Read more about the command in reference docs")
"""What az writes behind every error of usage."""
_OF_SERVICE = frozenset(
    ("MLS101", "MLS102", "MLS106", "MLS203", "MLS205", "MLS206", "MLS302", "MLS303", "MLS305", "MLS501")
)
# How a message begins about a number, or a text that is one.
_WHOLE_NUMBER = re.compile(r"-?\d|'\s*-?\d+\s*'")


class AzError(MLScheduleError):
    """A command that ends with an error: ``exit_code``, and lines of advice behind the message."""

    def __init__(self, message: str, exit_code: int = 1, advice: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.exit_code = exit_code
        self.advice = tuple(advice)

    @property
    def text(self) -> str:
        """What goes to standard error."""
        return "".join(f"{line}\n" for line in (f"ERROR: {self}", *self.advice))


class ServiceError(AzError):
    """What the service answered."""


class AzCommandError(MLScheduleError):
    """``ml_az(..., check=True)`` of a command that failed; ``result`` has its exit code and output."""

    def __init__(self, result: AzResult) -> None:
        super().__init__(f"{result.command}: exit code {result.exit_code}\n{result.stderr}".rstrip())
        self.result = result


def usage_error(message: str, hints: Iterable[str] = ()) -> AzError:
    """Exit code 2, as for every mistake in the arguments; ``hints`` are ours and say the way out."""
    return AzError(message, 2, (*hints, *REFERENCE))


def unmodelled_error(asked: str, hints: Iterable[str] = ()) -> AzError:
    """Exit code 2 for a command, or an option, that the real az has and this one has not."""
    ask = f"To ask for it, open an issue that says {asked} and what your script does with its answer."
    return AzError(f"{asked} is not modelled by the az of pytest-mlschedule.", 2, (*hints, ask))


def service_error(code: str, message: str, exit_code: int = 1) -> ServiceError:
    """An error that the service answered: its code and message as azure-core writes them."""
    return ServiceError(f"({code}) {message}\nCode: {code}\nMessage: {message}", exit_code)


def client_error(kind: str, message: str) -> AzError:
    """An exception inside the ml extension, as it words all that it does not expect."""
    advice = "Please check log by running the command with '--debug' for more details."
    return AzError(f"Met error <class '{kind}'>:{message}\n{advice}")


def translate(failure: MLScheduleError) -> AzError:
    """What az makes of a refusal of the workspace."""
    if isinstance(failure, AzError):
        return failure
    if isinstance(failure, AuthorizationError):
        return service_error("AuthorizationFailed", str(failure))
    if isinstance(failure, ResourceNotFoundError):
        return service_error("UserError", str(failure), 3)
    return service_error("UserError", str(failure))


def definition_error(failure: DefinitionError, schema: str, call: AzCall) -> AzError:
    """A definition that cannot be used; paths are shown as the caller sees them.

    What the client lets pass the service answers, once the client finds nothing.
    """
    errors = [item for item in failure.diagnostics if item.severity is Severity.ERROR]
    own = [item for item in errors if not _is_of_service(item)]
    problems = call.shorten(str(DefinitionError(own or errors)))
    if not own:
        return service_error("UserError", problems)
    unread = [item.location.path for item in own if item.code == "MLS003" and item.location]
    head = (
        f"Error while parsing yaml file: {call.relative(unread[0])}" if unread else f"Validation for {schema} failed:"
    )
    return AzError(f"{head}\n\n{problems}")


def _is_of_service(problem: Diagnostic) -> bool:
    """Whether the client sends what has this problem (tests/schedules/agreement/stricter.txt)."""
    if problem.code == "MLS202":
        return _WHOLE_NUMBER.match(problem.message) is not None
    if problem.code == "MLS204":
        return "week_days" not in problem.field
    if problem.code == "MLS301":
        return "outside the supported years" in problem.message
    return problem.code in _OF_SERVICE
