"""A page as text: nothing ends what it stands in, nothing is asked for, and without scripts there is a table."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from datetime import timedelta
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from page_contents import END, START, build, content, read_data, some_plan, table_of

from pytest_mlschedule import plan_runs
from pytest_mlschedule.report.page import page as page_module
from pytest_mlschedule.report.page.page import SCRIPTS, write_page

NASTY = [
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "<!-- <script>",
    "]]> &amp; \"quoted\" 'single' \\ \\u003c",
    "line\u2028separator\u2029and\x00control\x1f",
    "{{script}} {{data}} {{title}}",
    "half a character: \ud800",
]


class Elements(HTMLParser):
    """What elements a page has, and what scripts, styles and attributes hold."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.names: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.texts: dict[str, list[str]] = {}
        self._open = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self._open = tag
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.texts.setdefault(self._open, []).append(data)


def elements_without_table(page: str) -> list[str]:
    return Elements(re.sub(r"<noscript>.*?</noscript>", "", page, flags=re.DOTALL)).names


@pytest.mark.parametrize("text", NASTY)
def test_texts_of_users_stay_texts(text: str) -> None:
    nasty = build("nightly", display_name=text, description=text, tags={"note": text})
    page = write_page(content(plan_runs([nasty], START, END), title=text))
    plain = write_page(content(plan_runs([build("nightly")], START, END)))
    assert elements_without_table(page) == elements_without_table(plain)
    (schedule,) = read_data(page)["schedules"]
    readable = text.replace("\ud800", "\ufffd")
    assert (schedule["title"], schedule["description"]) == (readable, readable)
    assert f"<title>{text}" not in page or "<" not in text
    assert page.encode("utf-8")


def test_a_nasty_name_stays_text_without_scripts() -> None:
    page = write_page(content(no_estimate="<b>no</b>", title="<i>x</i>"))
    assert "<b>" not in page
    assert "<i>" not in page
    assert "&lt;i&gt;x&lt;/i&gt;" in page


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60))
def test_any_text_comes_back(text: str) -> None:
    encoded = page_module._write_json({"text": text})
    assert json.loads(encoded)["text"] == text
    assert not re.search("[<>&\u2028\u2029]", encoded)


def test_style_and_script_are_those_that_the_policy_allows() -> None:
    page = write_page(content())
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    hashes = [b64encode(sha256(text.encode()).digest()).decode() for text in (style, *scripts)]
    assert len(hashes) == 2
    rules = dict(rule.strip().split(" ", 1) for rule in unescape(policy).split(";"))
    assert rules == {
        "default-src": "'none'",
        "script-src": f"'sha256-{hashes[1]}'",
        "style-src": f"'sha256-{hashes[0]}'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "require-trusted-types-for": "'script'",
    }


def test_nothing_is_asked_for() -> None:
    page = write_page(content())
    found = Elements(page)
    links = [
        (tag, name, value)
        for tag, name, value in found.attributes
        if name in ("src", "href", "action", "srcset", "data", "style")
    ]
    assert links == [("link", "href", "data:,"), ("a", "href", "#main")]
    assert [name for _, name, _ in found.attributes if name.startswith("on")] == []
    # The namespace of SVG is a name, not an address.
    assert set(re.findall(r"https?://[^\"' ]*", page)) == {"http://www.w3.org/2000/svg"}
    style = "".join(found.texts["style"])
    assert "url(" not in style
    assert "@import" not in style


def test_no_script_makes_elements_of_text() -> None:
    script = page_module._read_scripts()
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|\bfetch\(|XMLHttpRequest", script
    )


def test_every_script_is_on_the_page() -> None:
    folder = page_module.files("pytest_mlschedule.report.page").joinpath("assets")
    assert sorted(path.name.removesuffix(".js") for path in folder.iterdir() if path.name.endswith(".js")) == sorted(
        SCRIPTS
    )


def test_the_table_for_those_without_scripts() -> None:
    assert table_of(write_page(content())) == [
        [
            "hourly",
            "every hour from 08:15 to 17:15, Monday to Friday, W. Europe time",
            "W. Europe",
            "gpu",
            "2026-03-02T07:15:00Z",
            "220",
        ],
        ["monthly", "every month on days 1 and 15 at 09:00 India", "India", "unknown", "2026-03-01T03:30:00Z", "2"],
        ["nightly", "every day at 02:30 Pacific", "Pacific", "cpu", "2026-03-01T10:30:00Z", "31"],
        ["paused", "every day at 02:30 Pacific", "Pacific", "cpu", "none", "0"],
    ]


@pytest.mark.parametrize(
    ("plan", "facts"),
    [
        (some_plan(), "4 schedules from 2026-03-01 to 2026-04-01"),
        (
            plan_runs([build("one")], START + timedelta(hours=9), END),
            "1 schedule from 2026-03-01T09:00:00Z to 2026-04-01",
        ),
    ],
)
def test_the_facts_of_the_head(plan: object, facts: str) -> None:
    assert f'<p class="facts" id="facts">{facts}</p>' in write_page(content(plan))


def test_the_same_content_makes_the_same_page() -> None:
    assert write_page(content()) == write_page(content())
