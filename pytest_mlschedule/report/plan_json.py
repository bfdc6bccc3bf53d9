"""A plan as its JSON document (see ``planning.document``), written run by run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain, repeat

from pytest_mlschedule.planning.document import write_head, write_run
from pytest_mlschedule.report.listing import Listing


def write_json(listing: Listing) -> Iterator[str]:
    """The document; ``Plan.from_dict(json.loads(text))`` is the plan again. One line a run."""
    encode = json.JSONEncoder(ensure_ascii=False).encode
    head = json.dumps(write_head(listing.plan), indent=2, ensure_ascii=False)
    yield f'{head.removesuffix("}").rstrip()},\n  "runs": ['
    for comma, run in zip(chain([""], repeat(",")), listing.runs(), strict=False):
        yield f"{comma}\n    {encode(write_run(run))}"
    yield "\n  ]\n}\n" if len(listing.plan) else "]\n}\n"
