"""The commands there are, and what az says where there is none."""

from __future__ import annotations

from collections.abc import Sequence

from pytest_mlschedule.az import accounts, answers, jobs, schedules
from pytest_mlschedule.az.arguments import HELP, Option, common_options
from pytest_mlschedule.az.command import Command
from pytest_mlschedule.az.errors import unmodelled_error, usage_error
from pytest_mlschedule.triggers.wording import nearest

COMMANDS = {
    command.words: command for command in (*schedules.COMMANDS, *jobs.COMMANDS, *accounts.COMMANDS, *answers.COMMANDS)
}


def find_command(words: Sequence[str]) -> Command:
    """The command that the words begin with. Raises AzError, exit code 2, for one that is not there."""
    for length in range(min(len(words), 3), 0, -1):
        command = COMMANDS.get(" ".join(words[:length]))
        if command is not None:
            return command
    group = known_group(words)
    if len(words) == len(group):
        raise usage_error("the following arguments are required: _subcommand")
    word = words[len(group)]
    near = nearest(word, choices_of(group), cutoff=0.7)
    if near:
        message = f"'{word}' is misspelled or not recognized by the system."
        raise usage_error(message, [f"Did you mean '{near[0]}' ?"])
    asked = " ".join(("az", *words[: len(group) + (1 if len(group) > 1 else 2)]))
    raise unmodelled_error(asked, ("There is:", *_groups()))


def _groups() -> list[str]:
    """The commands, those of a group on one line."""
    groups: dict[str, list[str]] = {}
    for words in COMMANDS:
        group, _, verb = words.rpartition(" ")
        groups.setdefault(group, []).append(verb)
    return [f"  {' '.join(('az', group)).strip()} {', '.join(verbs)}" for group, verbs in groups.items()]


def known_group(words: Sequence[str]) -> list[str]:
    """As many of the first words as name a group of commands."""
    length = 0
    while length < len(words) and choices_of(words[: length + 1]):
        length += 1
    return list(words[:length])


def choices_of(group: Sequence[str]) -> list[str]:
    """What may follow the words of a group."""
    depth = len(group)
    split = (words.split() for words in COMMANDS)
    return list(dict.fromkeys(words[depth] for words in split if len(words) > depth and words[:depth] == list(group)))


def help_text(words: Sequence[str]) -> str:
    """What ``--help`` prints: the options of a command, or the commands of a group."""
    command = COMMANDS.get(" ".join(words))
    if command is None:
        group = known_group(words)
        title = " ".join(("az", *group))
        rows = [
            (f"az {one.words}", one.summary) for one in COMMANDS.values() if one.words.split()[: len(group)] == group
        ]
        return f"\nGroup\n    {title}\n\nCommands:\n{_columns(rows)}\n"
    shared = common_options(command.words)
    own, common = ([_describe(option) for option in options] for options in (command.options, shared))
    common.append((" ".join(HELP), ""))
    head = f"\nCommand\n    az {command.words} : {command.summary}\n"
    arguments = f"\nArguments\n{_columns(own)}" if own else ""
    return f"{head}{arguments}\nGlobal Arguments\n{_columns(common)}\n"


def _describe(option: Option) -> tuple[str, str]:
    remark = "[Required]" if option.required else "[not modelled]" if option.form == "unmodelled" else ""
    return " ".join(option.names), remark


def _columns(rows: Sequence[tuple[str, str]]) -> str:
    width = max(len(left) for left, _ in rows)
    return "".join(f"    {left.ljust(width)}  {right}".rstrip() + "\n" for left, right in rows)
