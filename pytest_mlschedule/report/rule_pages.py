"""The pages of rules, as the documentation has them: in the package, or beside it in a checkout."""

from __future__ import annotations

import re
from pathlib import Path

PACKAGED = Path(__file__).parents[1] / "rule_pages"
CHECKOUT = Path(__file__).parents[2] / "docs" / "rules"
_LOCAL_LINK = re.compile(r"\[([^\]]+)\]\((?!https?:)[^)]*\)")
_FENCE = re.compile(r'^```(\w+) title="([^"]+)"$', re.MULTILINE)


def read_page(code: str) -> str | None:
    """The page of a rule in Markdown, without links that lead nowhere outside the documentation. None where there is none."""
    for folder in (PACKAGED, CHECKOUT):
        path = folder / f"{code}.md"
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            return _FENCE.sub(r"\2:\n\n```\1", _LOCAL_LINK.sub(r"\1", text))
    return None
