"""The real client's own reading of a trigger: azure-ai-ml's marshmallow schemas, imported once and quietly."""

from __future__ import annotations

import logging
import warnings
from functools import cache
from typing import Any


@cache
def schemas() -> dict[str, Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from azure.ai.ml._schema.schedule.trigger import CronTriggerSchema, RecurrenceTriggerSchema
    return {"cron": CronTriggerSchema, "recurrence": RecurrenceTriggerSchema}


def load(data: dict[str, Any]) -> Any:
    """The client's trigger, or None when it rejects the mapping."""
    kind = data.get("type")
    schema = schemas().get(kind.lower()) if isinstance(kind, str) else None
    if schema is None:
        return None
    level = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return schema(context={"base_path": "."}).load(data)
    except Exception:
        return None
    finally:
        logging.disable(level)
