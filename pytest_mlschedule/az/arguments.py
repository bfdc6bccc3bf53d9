"""The arguments of a command, read as az reads them: argparse, with the words of az where they differ."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NoReturn

from pytest_mlschedule.az.errors import AzError, unmodelled_error, usage_error
from pytest_mlschedule.az.formats import FORMATS, QUERY_ADVICE, compile_query

Form = Literal["text", "number", "flag", "pairs", "changes", "words", "yes_no", "unmodelled"]


@dataclass(frozen=True, slots=True)
class Option:
    """An option of a command: ``names`` as they are written, the first one names the value (``--no-wait`` is ``no_wait``).

    A name without dashes is a place for one text, or none; of "words" for any number of texts, at least one where it is required.
    ``form``: "pairs" are ``--set KEY=VALUE``, "changes" those of a generic update, "words" any number of texts, "yes_no" a flag
    that may be told true or false, "unmodelled" what only the real az has. ``default``: the name among
    ``az configure --defaults`` of what stands for it.
    """

    names: tuple[str, ...]
    form: Form = "text"
    required: bool = False
    default: str | None = None

    @property
    def key(self) -> str:
        """The name of its value."""
        return self.names[0].lstrip("-").replace("-", "_")


GLOBAL_OPTIONS = (
    Option(("--debug",), "flag"),
    Option(("--only-show-errors",), "flag"),
    Option(("--output", "-o")),
    Option(("--query",)),
    Option(("--subscription",)),
    Option(("--verbose",), "flag"),
)
# What every command has but those that only read.
_POLICY_OPTIONS = (Option(("--acquire-policy-token",), "unmodelled"), Option(("--change-reference",), "unmodelled"))
HELP = ("--help", "-h")


def common_options(words: str) -> tuple[Option, ...]:
    """The options that a command has besides its own."""
    return GLOBAL_OPTIONS if words.endswith(("list", "show")) else (*GLOBAL_OPTIONS, *_POLICY_OPTIONS)


def read_arguments(
    words: str, options: Iterable[Option], arguments: list[str], defaults: Mapping[str, str]
) -> tuple[argparse.Namespace, list[str]]:
    """The values by key, None or False for what was not given; and the arguments that nobody knows.

    ``defaults``: what is configured, by the name that options have for it, and the format under ``output``. Raises AzError for
    arguments that az refuses.
    """
    parser = _Parser(prog=f"az {words}", add_help=False)
    own = tuple(options)
    taken = {name for option in own for name in option.names}
    for option in own:
        _add(parser, option, defaults)
    for option in common_options(words):
        if taken.intersection(option.names):
            continue
        if option.key == "output":
            _add_output(parser, option, defaults.get("output", "json"))
        elif option.key == "query":
            parser.add_argument(*option.names, type=_Query())
        else:
            _add(parser, option, defaults)
    return parser.parse_known_args(arguments)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """A mistake in the arguments."""
        if "--query" in message and not message.startswith("the following"):
            raise AzError(message, 2, (QUERY_ADVICE,))
        raise usage_error(message)

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            allowed = ", ".join(map(str, action.choices))
            name = action.option_strings[0]
            raise usage_error(f"{self.prog}: '{value}' is not a valid value for '{name}'. Allowed values: {allowed}.")


class _Query:
    """The type of ``--query``; its name is the one that az's message has."""

    __name__ = "jmespath_type"

    def __call__(self, text: str) -> str:
        try:
            return compile_query(text)
        except Exception as failure:
            raise ValueError(str(failure)) from None


class _Pairs(argparse.Action):
    """``--set a=b c=d``, as often as it is given."""

    def __call__(self, parser: Any, namespace: Any, values: Any, option_string: str | None = None) -> None:
        pairs = list(getattr(namespace, self.dest) or ())
        for item in values:
            key, separator, value = item.partition("=")
            if not separator:
                raise AzError(f"usage error: {option_string} KEY=VALUE [KEY=VALUE ...]")
            pairs.append((key, value))
        setattr(namespace, self.dest, pairs)


class _Changes(argparse.Action):
    """``--set``, ``--add`` and ``--remove`` in the order in which they are given."""

    def __call__(self, parser: Any, namespace: Any, values: Any, option_string: str | None = None) -> None:
        changes = list(getattr(namespace, self.dest) or ())
        setattr(namespace, self.dest, [*changes, (self.option_strings[0], values)])


class _Unmodelled(argparse.Action):
    """An option that the real az has."""

    def __call__(self, parser: Any, namespace: Any, values: Any, option_string: str | None = None) -> NoReturn:
        raise unmodelled_error(f"{parser.prog} {self.option_strings[0]}")


def _add(parser: argparse.ArgumentParser, option: Option, defaults: Mapping[str, str]) -> None:
    configured = defaults.get(option.default) if option.default else None
    settings: dict[str, Any] = {"dest": option.key, "default": configured}
    if option.form == "flag":
        settings |= {"action": "store_true", "default": False}
    else:
        settings["required"] = option.required and configured is None
    if option.form == "number":
        settings["type"] = int
    elif option.form == "words":
        settings["nargs"] = "+"
    elif option.form == "yes_no":
        settings |= {"nargs": "?", "const": "true", "choices": ("true", "false"), "type": str.lower}
    elif option.form == "pairs":
        settings |= {"action": _Pairs, "nargs": "+"}
    elif option.form == "changes":
        settings |= {"action": _Changes, "nargs": "+", "dest": "changes"}
    elif option.form == "unmodelled":
        settings |= {"action": _Unmodelled, "nargs": "?"}
    if not option.names[0].startswith("-"):
        settings = {"nargs": "?" if option.form == "text" else "+" if option.required else "*"}
    parser.add_argument(*option.names, **settings)


def _add_output(parser: argparse.ArgumentParser, option: Option, form: str) -> None:
    parser.add_argument(*option.names, choices=FORMATS, type=str.lower, default=form)
