"""``trigger_time_format``, told from resolved inputs: the trigger time of a job is known, and so is the text it became."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pytest_mlschedule.history.job import HistoricJob
from pytest_mlschedule.planning.calibration_cases import Case
from pytest_mlschedule.planning.calibration_result import AGREEMENT, Evidence, KnobVerdict, Verdict, pick_evidence
from pytest_mlschedule.profile import ServiceProfile
from pytest_mlschedule.schedules.macros import Parts, split_macros
from pytest_mlschedule.triggers.window import UTC_EPOCH

KNOB = "trigger_time_format"
TIME = "creation_context.trigger_time"
LIKELY = (
    "%Y-%m-%dT%H:%M:%SZ",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%dT%H:%M:%S+00:00",
    "%Y-%m-%dT%H:%M:%S.0000000Z",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M:%SZ",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %I:%M:%S %p",
    "%Y%m%dT%H%M%SZ",
    "%Y%m%d%H%M%S",
    "%Y-%m-%d",
    "%Y%m%d",
)
_DIRECTIVES = ("%Y", "%m", "%d", "%H", "%M", "%S", "%B", "%b", "%A", "%a", "%j", "%I", "%p", "%y")
_FRACTION = re.compile(r"(?<=\d)\.\d+", re.ASCII)
_SAMPLES = 24
_LONGEST = 64
_PATIENCE = 4_000
_FEWEST = 2
"""Inputs of which it is not known whether they hold the macro must show so many times to count."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The text that the trigger time of a job became, and the input that shows it."""

    case: Case
    input: str
    epoch: int
    text: str

    def wears(self, form: str) -> bool:
        """Whether a format gives this text."""
        return render(self.epoch, form) == self.text


def render(epoch: int, form: str) -> str:
    """An instant in a strftime format, as UTC."""
    return (UTC_EPOCH + timedelta(0, epoch)).strftime(form)


def find_samples(cases: Iterable[Case], profile: ServiceProfile) -> list[Sample]:
    """Every text that a trigger time became, as far as inputs show it."""
    return [sample for case in cases for sample in _find_in(case, profile)]


def _find_in(case: Case, profile: ServiceProfile) -> Iterator[Sample]:
    job = getattr(case.part.source, "job", None)
    known = {} if job is None else {name: split_macros(value) for name, value in job.inputs.items()}
    macros = {name: parts for name, parts in known.items() if parts is not None and TIME in parts[1::2]}
    for one in case.jobs:
        for name, parts in macros.items():
            text = None if one.trigger_time is None else _cut_out(parts, one.inputs.get(name), one)
            if text is not None and one.trigger_time is not None:
                yield Sample(case, name, one.trigger_time, text)
    yield from _guess(case, frozenset(known), (profile.trigger_time_format, *LIKELY))


def _cut_out(parts: Parts, text: str | None, job: HistoricJob) -> str | None:
    """What stands in a text where the macro stood; None for a text that is none of this input."""
    if text is None:
        return None
    pattern = ""
    for index, part in enumerate(parts):
        if index % 2 == 0:
            pattern += re.escape(part)
        elif part != TIME:
            pattern += ".+" if job.name is None else re.escape(job.name)
        else:
            pattern += "(?P=time)" if "(?P<time>" in pattern else "(?P<time>.+)"
    match = re.fullmatch(pattern, text, re.DOTALL)
    return None if match is None else match["time"]


def _guess(case: Case, known: frozenset[str], forms: Sequence[str]) -> Iterator[Sample]:
    """Inputs that nobody knows the definition of, and that are the trigger time of every job in one format."""
    texts: dict[str, list[Sample]] = {}
    for job in case.jobs:
        for name, text in job.inputs.items():
            if name not in known and job.trigger_time is not None:
                texts.setdefault(name, []).append(Sample(case, name, job.trigger_time, text))
    for samples in texts.values():
        several = len({sample.text for sample in samples}) >= _FEWEST
        if several and any(all(sample.wears(form) for sample in samples) for form in forms):
            yield from samples


def judge_format(samples: Sequence[Sample], profile: ServiceProfile) -> KnobVerdict:
    """The verdict on the format of the macro."""
    assumed = profile.trigger_time_format
    undecided = KnobVerdict(knob=KNOB, assumed=assumed, seen=len(samples))
    if not samples:
        return replace(undecided, remark=f"no input of these jobs is known to hold ${{{{{TIME}}}}}")
    counted = {form: sum(sample.wears(form) for sample in samples) for form in dict.fromkeys((assumed, *LIKELY))}
    best = max(counted, key=lambda form: counted[form])  # the assumed one of several
    enough = AGREEMENT * len(samples)
    if counted[best] < enough:
        inferred = infer_format([(sample.epoch, sample.text) for sample in _spread(samples)])
        if inferred is not None:
            counted[inferred] = sum(sample.wears(inferred) for sample in samples)
            best = max(counted, key=lambda form: counted[form])
    if counted[best] >= enough:
        verdict: Verdict = "supported" if best == assumed else "contradicted"
        return replace(undecided, verdict=verdict, values=(best,), evidence=_show(samples, (assumed, best)))
    undecided = replace(undecided, evidence=_show(samples, (assumed,)))
    changing = _leave_out_constants(samples)
    if len(changing) < len(samples):
        text = "every run shows the same text, so this is no trigger time"
        return judge_format(changing, profile) if changing else replace(undecided, remark=text)
    if counted[assumed] > len(samples) - enough:
        text = f"the history is at odds with itself: {best} fits {counted[best]} of {len(samples)} places"
        return replace(undecided, remark=text)
    return replace(undecided, verdict="contradicted", remark=f"{_explain(samples)}; what to write instead is not known")


def _leave_out_constants(samples: Sequence[Sample]) -> list[Sample]:
    """The samples of inputs that change from run to run."""
    groups: dict[tuple[str, str], list[Sample]] = {}
    for sample in samples:
        groups.setdefault((sample.case.name, sample.input), []).append(sample)
    alike = {key for key, group in groups.items() if len(group) > 1 and len({sample.text for sample in group}) == 1}
    return [sample for sample in samples if (sample.case.name, sample.input) not in alike]


def _spread(samples: Sequence[Sample]) -> Sequence[Sample]:
    """A few samples from the first to the last: the more they differ, the less is by chance."""
    return samples[:: max(1, len(samples) // _SAMPLES)]


def _show(samples: Iterable[Sample], forms: Iterable[str]) -> tuple[Evidence, ...]:
    used = tuple(forms)
    found = (
        Evidence(item.case.name, item.epoch, {form: render(item.epoch, form) for form in used}, item.text)
        for item in samples
    )
    return pick_evidence(found, 1)


def _explain(samples: Sequence[Sample]) -> str:
    """Why no format fits: what the texts are instead, where that can be told."""
    for form in LIKELY:
        if all(_local(sample).strftime(form) == sample.text for sample in samples):
            return f"the texts are the wall clock of the schedule ({form}), which no format of UTC can say"
        if all(render(sample.epoch, form) == _FRACTION.sub("", sample.text) for sample in samples):
            return f"the texts are {form} with fractions of a second that no format knows"
    for unit, pattern in (("seconds", "{}"), ("milliseconds", r"{}\d\d\d")):
        if all(re.fullmatch(pattern.format(sample.epoch), sample.text, re.ASCII) for sample in samples):
            return f"the texts are {unit} since 1970, which no format says alike on every machine"
    return "no format known to us gives these texts"


def _local(sample: Sample) -> datetime:
    return sample.case.trigger.zone.wall(sample.epoch)


def infer_format(samples: Sequence[tuple[int, str]]) -> str | None:
    """A strftime format that gives every text for its epoch; None where there is none, or it is not worth the search.

    Digits that are the same everywhere are no part of a format, but for zeros (fractions of a second).
    """
    if any(len(text) > _LONGEST for _, text in samples):
        return None
    rendered = [{directive: render(epoch, directive) for directive in _DIRECTIVES} for epoch, _ in samples]
    search = _Search([text for _, text in samples], rendered)
    return search.extend((0,) * len(samples), frozenset())


class _Search:
    """A depth-first search for a format, through all texts at once. Each directive is used once."""

    def __init__(self, texts: Sequence[str], rendered: Sequence[dict[str, str]]) -> None:
        self._texts = texts
        self._rendered = rendered
        self._steps = 0

    def extend(self, places: tuple[int, ...], used: frozenset[str]) -> str | None:
        """The format of what follows the places; None where there is none."""
        self._steps += 1
        if self._steps > _PATIENCE:
            return None
        if all(place == len(text) for place, text in zip(places, self._texts, strict=True)):
            return "" if used else None
        for directive in _DIRECTIVES:
            if directive not in used:
                rest = self._take(directive, places, used)
                if rest is not None:
                    return directive + rest
        return self._take_literal(places, used)

    def _take(self, directive: str, places: tuple[int, ...], used: frozenset[str]) -> str | None:
        parts = [rendered[directive] for rendered in self._rendered]
        if not all(
            part and text.startswith(part, place) for part, text, place in zip(parts, self._texts, places, strict=True)
        ):
            return None
        moved = tuple(place + len(part) for place, part in zip(places, parts, strict=True))
        return self.extend(moved, used | {directive})

    def _take_literal(self, places: tuple[int, ...], used: frozenset[str]) -> str | None:
        found = {text[place : place + 1] for place, text in zip(places, self._texts, strict=True)}
        if len(found) != 1:
            return None
        literal = found.pop()
        if not literal or literal in "123456789":
            return None
        rest = self.extend(tuple(place + 1 for place in places), used)
        return None if rest is None else literal.replace("%", "%%") + rest
