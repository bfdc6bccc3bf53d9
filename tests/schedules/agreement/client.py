"""azure-ai-ml's own load_schedule, offline and quiet. The first call imports it: about two seconds."""

from __future__ import annotations

import contextlib
import functools
import io
import json
import logging
import os
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """No warnings, logs or prints of the client; what others may say is left alone outside this block."""
    disabled = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        silence = io.StringIO()
        with warnings.catch_warnings(), contextlib.redirect_stdout(silence), contextlib.redirect_stderr(silence):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(disabled)


@functools.cache
def _loader() -> Callable[[str], Any]:
    # Private preview would load other job types and steps; the switch is read once, at import.
    os.environ.pop("AZURE_ML_CLI_PRIVATE_FEATURES_ENABLED", None)
    from azure.ai.ml.entities._load_functions import load_schedule

    return load_schedule


def load_with_client(path: Path) -> tuple[Any | None, str]:
    """The client's schedule, or None and what it said: any exception of any class counts as a rejection."""
    with _quiet():
        load = _loader()
        try:
            return load(str(path)), ""
        except Exception as reason:
            return None, f"{type(reason).__name__}: {reason}"


def rest_form(schedule: Any) -> dict[str, Any] | None:
    """The body that the client would PUT, as plain JSON values; None where it refuses to make one.

    It does so for jobs other than pipelines, and at create for some values that it loaded (names with blanks, old bindings).
    """
    if not isinstance(schedule.create_job, str) and getattr(schedule.create_job, "type", "") != "pipeline":
        return None
    with _quiet():
        try:
            body = schedule._to_rest_object()
        except Exception:
            return None
        form: dict[str, Any] = json.loads(json.dumps(body.as_dict(), default=str))
        return form
