"""``mlschedule rules``, and the pages of rules for ``mlschedule explain MLS103``."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence

import click

from pytest_mlschedule.checks.catalogue import CATALOGUE
from pytest_mlschedule.checks.rule import Rule
from pytest_mlschedule.checks.selection import check_selector, find_nearest, find_rule
from pytest_mlschedule.cli.loading import fail
from pytest_mlschedule.cli.output import terminal_width
from pytest_mlschedule.report.check_places import page_address
from pytest_mlschedule.report.rule_pages import read_page
from pytest_mlschedule.report.wrapping import wrap_line
from pytest_mlschedule.triggers.wording import list_names

_COLOURS = {"error": "red", "warning": "yellow", "note": "blue"}
_MARKUP = re.compile(r"[`*]")


@click.command("rules")
@click.argument("selectors", nargs=-1, metavar="[RULES...]")
@click.option(
    "-o", "--output", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Format."
)
def list_rules(selectors: tuple[str, ...], form: str) -> None:
    """List the rules of mlschedule check: all, or those of some codes (MLS103), starts of codes (MLS1) or names."""
    rules = _choose(selectors)
    if form == "json":
        click.echo(json.dumps([_describe(rule) for rule in rules], indent=2))
        return
    room = max(len(rule.name) for rule in rules)
    for rule in rules:
        severity = click.style(f"{rule.severity:<7}", fg=_COLOURS[rule.severity])
        line = f"{rule.code}  {rule.severity:<7}  {rule.name:<{room}}  {_MARKUP.sub('', rule.summary)}"
        for part in wrap_line(line, terminal_width(sys.stdout), len(line) - len(rule.summary)):
            click.echo(part.replace(f"{rule.severity:<7}", severity, 1))
    if not selectors:
        click.echo("\nmlschedule explain MLS103 shows the page of a rule.")


def show_pages(names: Sequence[str]) -> None:
    """Show the pages of rules. Ends the command with 2 for what is no rule."""
    for index, name in enumerate(names):
        rule = find_rule(name, CATALOGUE)
        if rule is None:
            close = find_nearest(name, CATALOGUE)
            meant = f"; did you mean {list_names(close, 'or')}?" if close else "; mlschedule rules lists the rules"
            fail(f"{name}: no such file or directory, and no rule{meant}")
        click.echo("\n" if index else "", nl=False)
        _show_page(rule)


def _show_page(rule: Rule) -> None:
    text = read_page(rule.code) or f"# {rule.code}: {rule.summary}\n\nSeverity: {rule.severity}.\nName: {rule.name}.\n"
    if not sys.stdout.isatty():
        click.echo(text, nl=False)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(text))


def _choose(selectors: Sequence[str]) -> list[Rule]:
    if not selectors:
        return list(CATALOGUE.values())
    for selector in selectors:
        problem = check_selector(selector, CATALOGUE)
        if problem:
            raise click.UsageError(problem)
    chosen = {rule.code: rule for selector in selectors for rule in _select(selector)}
    return [chosen[code] for code in sorted(chosen)]


def _select(selector: str) -> Iterator[Rule]:
    exact = find_rule(selector, CATALOGUE)
    if exact is not None:
        yield exact
    else:
        yield from (rule for code, rule in CATALOGUE.items() if code.startswith(selector.strip().upper()))


def _describe(rule: Rule) -> dict[str, str | None]:
    return {
        "code": rule.code,
        "name": rule.name,
        "severity": rule.severity.value,
        "summary": rule.summary,
        "url": page_address(rule.code),
    }
