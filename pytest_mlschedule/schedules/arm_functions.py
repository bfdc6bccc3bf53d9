"""Functions of ARM template expressions that need nothing but their arguments."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pytest_mlschedule.schedules.rest_fields import check_depth

LARGEST = 131_072
"""The most characters of a text, and parts of an object, that Resource Manager works with."""


class ArmValueError(ValueError):
    """Arguments that a function does not take; the text says what."""


def _refuse_large(size: int) -> None:
    """Before a text is made: hostile templates would multiply it."""
    if size > LARGEST:
        raise ArmValueError(f"would make more than {LARGEST:,} characters")


def _text(value: Any) -> str:
    """A value inside a text, as Resource Manager writes it."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "True" if value else "False"
    return "" if value is None else json.dumps(value, separators=(",", ":"))


def _concat(*values: Any) -> Any:
    if values and isinstance(values[0], list):
        _refuse_large(sum(len(_list(value)) for value in values))
        return [item for value in values for item in value]
    texts = [_text(value) for value in values]
    _refuse_large(sum(map(len, texts)))
    return "".join(texts)


def _format(form: Any, *values: Any) -> str:
    form = _str(form)
    longest = max((len(_text(value)) for value in values), default=0)
    _refuse_large(len(form) + form.count("{") * longest)

    def place(match: re.Match[str]) -> str:
        if match[0] in ("{{", "}}"):
            return match[0][0]
        return _formatted(values[int(match[1])], match[2] or "")

    return re.sub(r"\{\{|\}\}|\{(\d{1,3})(?::([^{}]*))?\}", place, form)


def _formatted(value: Any, spec: str) -> str:
    """The .NET formats D2, d2, 00: whole numbers with leading zeros; others are not known."""
    digits = re.fullmatch(r"[dD](\d{1,2})|(0{1,20})", spec)
    if spec == "":
        return _text(value)
    if digits is None or not isinstance(value, int):
        raise ArmValueError(f"the format {spec!r} is not known here")
    width = int(digits[1]) if digits[1] else len(digits[2])
    return f"{'-' if value < 0 else ''}{abs(value):0{width}d}"


def _str(value: Any) -> str:
    if not isinstance(value, str):
        raise ArmValueError("takes text")
    return value


def _int(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ArmValueError("takes a number")
    return int(value)


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ArmValueError("takes an array")
    return value


def _bool(value: Any) -> bool:
    if isinstance(value, str) and value.lower() in ("true", "false", "1", "0"):
        return value.lower() in ("true", "1")
    if isinstance(value, bool | int):
        return bool(value)
    raise ArmValueError("takes true or false")


def _equals(one: Any, other: Any) -> bool:
    return type(one) is type(other) and one == other


def _string(value: Any) -> str:
    return _text(value) if isinstance(value, str | bool) else json.dumps(value, separators=(",", ":"))


def _object(*items: Any) -> dict[str, Any]:
    return {_str(key): value for key, value in zip(items[::2], items[1::2], strict=True)}


def _union(*values: Any) -> Any:
    if isinstance(values[0], Mapping):
        merged: dict[str, Any] = {}
        for value in values:
            merged.update(value)
        return merged
    if sum(len(_list(value)) for value in values) > 1000:
        raise ArmValueError("takes up to 1,000 items")
    result: list[Any] = []
    for value in values:
        result += [item for item in value if item not in result]
    return result


def _contains(container: Any, item: Any) -> bool:
    if isinstance(container, str):
        return _str(item) in container
    if isinstance(container, Mapping):
        return _str(item).lower() in {key.lower() for key in container}
    return item in _list(container)


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, str | list | Mapping) and not value)


def _coalesce(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)


def _join(items: Any, separator: Any) -> str:
    texts = [_text(item) for item in _list(items)]
    _refuse_large(sum(map(len, texts)) + len(texts) * len(_str(separator)))
    return str(separator).join(texts)


def _replace(text: Any, old: Any, new: Any) -> str:
    if not _str(old):
        raise ArmValueError("needs a text to look for")
    _refuse_large(len(_str(text)) + text.count(old) * len(_str(new)))
    return str(text).replace(old, new)


def _range(start: Any, count: Any) -> list[int]:
    if not 0 <= _int(count) <= 10_000:
        raise ArmValueError("takes 0 to 10,000 numbers")
    return list(range(_int(start), _int(start) + _int(count)))


def _split(value: Any, separators: Any) -> list[str]:
    parts = separators if isinstance(separators, list) else [separators]
    return re.split("|".join(re.escape(_str(part)) for part in parts), _str(value))


def _substring(value: Any, start: Any, length: Any = None) -> str:
    rest = _str(value)[_int(start) :]
    return rest if length is None else rest[: _int(length)]


def _pad(value: Any, width: Any, fill: Any = " ") -> str:
    if _int(width) > 1000:
        raise ArmValueError("takes a width up to 1,000")
    return _text(value).rjust(_int(width), _str(fill))


def _take(value: Any, count: Any) -> Any:
    return _sized(value)[: max(_int(count), 0)]


def _skip(value: Any, count: Any) -> Any:
    return _sized(value)[max(_int(count), 0) :]


def _sized(value: Any) -> Any:
    if not isinstance(value, str | list):
        raise ArmValueError("takes text or an array")
    return value


def _end(index: int) -> Callable[[Any], Any]:
    def pick(value: Any) -> Any:
        items = _sized(value)
        return items[index] if items else ("" if isinstance(items, str) else None)

    return pick


def _json(value: Any) -> Any:
    data = json.loads(_str(value))
    if check_depth(data):
        raise ArmValueError("is nested too deep")
    return data


def _length(value: Any) -> int:
    if not isinstance(value, str | list | Mapping):
        raise ArmValueError("takes text, an array or an object")
    return len(value)


def _numbers(values: Sequence[Any]) -> list[int]:
    return [_int(item) for item in (values[0] if values and isinstance(values[0], list) else values)]


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: _int(a) + _int(b),
    "array": lambda value: value if isinstance(value, list) else [value],
    "base64": lambda value: base64.b64encode(_str(value).encode()).decode(),
    "bool": _bool,
    "coalesce": _coalesce,
    "concat": _concat,
    "contains": _contains,
    "createarray": lambda *items: list(items),
    "createobject": _object,
    "div": lambda a, b: int(_int(a) / _int(b)),
    "empty": _empty,
    "endswith": lambda text, end: _str(text).lower().endswith(_str(end).lower()),
    "equals": _equals,
    "false": lambda: False,
    "first": _end(0),
    "format": _format,
    "greater": lambda a, b: a > b,
    "greaterorequals": lambda a, b: a >= b,
    "indexof": lambda text, part: _str(text).lower().find(_str(part).lower()),
    "int": _int,
    "join": _join,
    "json": _json,
    "last": _end(-1),
    "length": _length,
    "less": lambda a, b: a < b,
    "lessorequals": lambda a, b: a <= b,
    "max": lambda *values: max(_numbers(values)),
    "min": lambda *values: min(_numbers(values)),
    "mod": lambda a, b: _int(a) % _int(b),
    "mul": lambda a, b: _int(a) * _int(b),
    "not": lambda value: not _bool(value),
    "null": lambda: None,
    "padleft": _pad,
    "range": _range,
    "replace": _replace,
    "skip": _skip,
    "split": _split,
    "startswith": lambda text, start: _str(text).lower().startswith(_str(start).lower()),
    "string": _string,
    "sub": lambda a, b: _int(a) - _int(b),
    "substring": _substring,
    "take": _take,
    "tolower": lambda text: _str(text).lower(),
    "toupper": lambda text: _str(text).upper(),
    "trim": lambda text: _str(text).strip(),
    "true": lambda: True,
    "union": _union,
}
"""By name in lower case. For arguments that they do not take they raise TypeError, ValueError, LookupError or ArithmeticError."""
