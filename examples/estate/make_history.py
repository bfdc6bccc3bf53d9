"""Writes the history of the estate: what `az ml job list -o json` could have said after five weeks.

The times come from the schedules themselves, everything else from seeded dice: how long runs take, which fail, which come late.
The same seed gives the same bytes on any machine. `--deviate fold=second` plants a service that does otherwise than documented.
"""

import argparse
import json
import tomllib
import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Context, Decimal
from pathlib import Path
from random import Random

from pytest_mlschedule import Plan, PlannedRun, ServiceProfile, load_schedules, plan_runs

HERE = Path(__file__).parent
# Minutes that half of the runs stay below, and how far they spread (sigma of a log-normal distribution), by schedule or experiment.
LENGTHS = {
    "features-sessions": (66, "0.20"),  # each hour: most of them are not done when the next one starts
    "features-catalog": (24, "0.15"),
    "features-customers": (85, "0.20"),
    "export-customers": (48, "0.10"),
    "score-us": (46, "0.25"),
    "score-campaign": (9, "0.15"),
    "score-fraud": (14, "0.30"),
    "ingest-stock": (21, "0.15"),
    "backtest": (290, "0.10"),
    "scoring": (23, "0.30"),
    "ingestion": (6, "0.40"),
    "forecasts": (75, "0.20"),
    "training": (150, "0.25"),
    "fine-tuning": (560, "0.08"),
    "embeddings": (35, "0.20"),
    "drift": (8, "0.25"),
    "reports": (19, "0.30"),
}
NODES = {"backtest": 4, "forecasts": 2, "training": 2, "fine-tuning": 2}
# What was due in the outage never came, what was due in the hour after it came late.
OUTAGE = datetime(2026, 3, 17, 5, 50, tzinfo=UTC), datetime(2026, 3, 17, 8, 40, tzinfo=UTC)
BACKLOG = timedelta(hours=1)
BY_HAND = {
    "score-us": "2026-03-11T09:12:41",
    "drift-scores": "2026-03-17T09:20:10",
    "retrain-churn": "2026-03-24T14:05:03",
}
TWICE = "forecast-america-20260320T070000Z"  # one run was submitted twice
EARLY = "forecast-promotions-20260305T170000Z"  # one ran a day early: its new trigger was not deployed yet
RETIRED = ("legacy-scoring", timedelta(hours=3), 18)  # a schedule that is in no file, daily until it was deleted
PEOPLE = ("Ada Lovelace", "Grace Hopper", "Katherine Johnson")


@dataclass
class Job:
    """A job that somebody or something submitted: when it was due (None: by nobody's schedule), created, and how long it runs."""

    name: str
    display_name: str
    experiment: str
    created: datetime
    seconds: int
    status: str
    schedule: str | None = None
    inputs: dict | None = None
    compute: str | None = None
    nodes: int = 1
    by: str = "schedules-deployment"
    started: datetime | None = None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument(
        "--from", dest="start", type=date, default=date("2026-03-02"), help="a day, UTC (default: %(default)s)"
    )
    parser.add_argument("--to", dest="end", type=date, default=date("2026-04-06"), help="the day after the last one")
    parser.add_argument(
        "--deviate", metavar="KNOB=VALUE", type=knob, action="append", default=[], help="a field of ServiceProfile"
    )
    parser.add_argument("-o", dest="output", type=Path, default=HERE / "history" / "jobs.json")
    options = parser.parse_args()
    try:
        profile = ServiceProfile(**dict(options.deviate))
    except (TypeError, ValueError) as failure:
        parser.error(f"--deviate: {failure}")
    dice = options.seed, options.start, options.end
    for name, value in options.deviate:
        if write(*dice, ServiceProfile(**{name: value})) == write(*dice, ServiceProfile()):
            parser.error(f"--deviate: {name}={value} changes nothing: no schedule here runs otherwise in this time")
    options.output.write_text(write(*dice, profile), encoding="utf-8", newline="\n")


def date(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)


def knob(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError("write KNOB=VALUE, such as fold=second")
    return name, value


def write(seed: int, start: datetime, end: datetime, profile: ServiceProfile) -> str:
    """The text of the file."""
    lines = ",\n".join(compact(describe(job, end)) for job in make_jobs(seed, start, end, profile))
    return f"[\n{lines}\n]\n"


def make_jobs(seed: int, start: datetime, end: datetime, profile: ServiceProfile) -> list[Job]:
    """All jobs that were created in the window, the newest first, as the command lists them."""
    plan = plan_runs(load_schedules(HERE / "schedules"), start, end, profile=profile)
    scheduled = [made for run in plan if (made := make_scheduled(run, seed))]
    by_hand = make_by_hand(plan, seed, profile.trigger_time_format)
    jobs = [*scheduled, *make_doubles(scheduled), *by_hand, *make_retired(start, seed), *make_others(start, end, seed)]
    jobs = sorted((job for job in jobs if start <= job.created < end), key=lambda job: (job.created, job.name))
    queue(jobs)
    return jobs[::-1]


def make_scheduled(run: PlannedRun, seed: int) -> Job | None:
    """The job of a run, None for one that was lost. Each run has dice of its own: one run more changes no other."""
    dice = Random(f"{seed} {run.display_name}")
    due = run.trigger_time
    if OUTAGE[0] <= due < OUTAGE[1]:
        return None
    delay = 2 + int(9_000 * dice.random()) / 1_000
    if OUTAGE[1] <= due < OUTAGE[1] + BACKLOG:
        delay += (OUTAGE[1] + BACKLOG - due).total_seconds() / 2
    elif dice.random() < 0.004:
        delay += 600 + int(2_400 * dice.random())
    job = make_job(run, run.job_name, due + timedelta(seconds=delay), dice)
    return move_back(job) if run.display_name == EARLY else job


def make_job(run: PlannedRun, name: str, created: datetime, dice: Random) -> Job:
    """A job with a fate: most complete, some fail or are canceled on the way."""
    fate = dice.random()
    status = "Failed" if fate < 0.025 else "Canceled" if fate < 0.035 else "Completed"
    seconds = draw_seconds(run.schedule, run.experiment_name, dice)
    if status != "Completed":
        seconds = 20 + int(seconds * dice.random())
    return Job(
        name=name,
        display_name=run.display_name,
        experiment=run.experiment_name,
        created=created,
        seconds=seconds,
        status=status,
        schedule=run.schedule,
        inputs=dict(run.inputs),
        compute=run.compute,
        nodes=NODES.get(run.schedule, NODES.get(run.experiment_name, 1)),
    )


def move_back(job: Job) -> Job:
    """The job as it was a day before."""
    due = datetime.strptime(job.display_name[-16:], "%Y%m%dT%H%M%SZ") - timedelta(days=1)
    job.display_name = f"{job.schedule}-{due:%Y%m%dT%H%M%SZ}"
    job.created -= timedelta(days=1)
    return job


def draw_seconds(schedule: str, experiment: str, dice: Random) -> int:
    """A log-normal length. Twelve dice make a normal one, Decimal the exponential: the same digits everywhere."""
    minutes, sigma = LENGTHS.get(schedule) or LENGTHS[experiment]
    normal = Decimal(sum(int(1_000 * dice.random()) for _ in range(12)) - 5_994) / 1_000
    return int(minutes * 60 * (Decimal(sigma) * normal).exp(Context(prec=12)))


def make_doubles(scheduled: list[Job]) -> list[Job]:
    """The second job of a run whose submission was answered by an error after it had worked, and tried again."""
    name, later = name_job("forecast-america", f"{TWICE} again"), timedelta(seconds=31)
    first = [job for job in scheduled if job.display_name == TWICE]
    return [replace(job, name=name, created=job.created + later) for job in first]


def make_by_hand(plan: Plan, seed: int, time_format: str) -> list[Job]:
    """Runs of a schedule that people triggered, at times that no trigger says."""
    jobs = []
    for schedule, text in BY_HAND.items():
        at = datetime.fromisoformat(text).replace(tzinfo=UTC)
        runs = plan.for_schedule(schedule)
        if not runs:
            continue
        dice = Random(f"{seed} {schedule} {text}")
        job = make_job(runs[0], name_job(schedule, text), at + timedelta(seconds=1.5), dice)
        job.display_name = f"{schedule}-{at:%Y%m%dT%H%M%SZ}"
        job.inputs = {
            name: at.strftime(time_format) if name in ("scored_at", "as_of") else value
            for name, value in job.inputs.items()
        }
        job.by = PEOPLE[len(jobs)]
        jobs.append(job)
    return jobs


def make_retired(start: datetime, seed: int) -> list[Job]:
    """Jobs of a schedule that the files do not know."""
    schedule, hour, days = RETIRED
    jobs = []
    for day in range(days):
        due = start + timedelta(days=day) + hour
        dice = Random(f"{seed} {schedule} {day}")
        display_name = f"{schedule}-{due:%Y%m%dT%H%M%SZ}"
        seconds = draw_seconds("", "scoring", dice)
        created = due + timedelta(seconds=4)
        jobs.append(
            Job(name_job(schedule, str(day)), display_name, "scoring", created, seconds, "Completed", schedule, {})
        )
    return jobs


def make_others(start: datetime, end: datetime, seed: int) -> list[Job]:
    """Jobs that people submit, two on each day: they have nothing to do with schedules."""
    jobs = []
    for number in range(2 * (end - start).days):
        dice = Random(f"{seed} other {number}")
        created = start + timedelta(days=number // 2, hours=8, seconds=int(36_000 * dice.random()))
        words = ("brave", "quiet", "happy", "sharp")[number % 4], ("lemon", "river", "kite")[number % 3]
        name = f"{'_'.join(words)}_{int(dice.random() * 10**8):08}"
        seconds = 60 + int(7_000 * dice.random())
        jobs.append(Job(name, name, "exploration", created, seconds, "Completed", by=PEOPLE[number % 3]))
    return jobs


def queue(jobs: list[Job]) -> None:
    """Say when each job starts: a little after it was created, on clusters of the configuration as soon as there are nodes."""
    computes = tomllib.loads((HERE / "mlschedule.toml").read_text(encoding="utf-8"))["computes"]
    free = {name: [datetime.min.replace(tzinfo=UTC)] * table["max_nodes"] for name, table in computes.items()}
    for job in jobs:
        job.started = job.created + timedelta(seconds=25)
        if job.compute in free:
            nodes = sorted(free[job.compute])
            job.started = max(job.started, nodes[job.nodes - 1])
            free[job.compute] = nodes[job.nodes :] + [job.started + timedelta(seconds=job.seconds)] * job.nodes


def describe(job: Job, now: datetime) -> dict:
    """The job as the command writes it, where fields that the tools do not read are left out."""
    ended = job.started + timedelta(seconds=job.seconds)
    status = job.status if ended < now else "Running" if job.started < now else "Queued"
    times = {
        name: f"{at:%Y-%m-%dT%H:%M:%SZ}" for name, at in (("StartTime", job.started), ("EndTime", ended)) if at < now
    }
    properties = {f"{name}Utc": text for name, text in times.items()}  # of a command job
    if job.schedule:
        properties = {
            "runSource": "Schedule",
            "azureml.genericTriggerName": job.schedule,
            "azureml.parameters": compact({name: str(value) for name, value in job.inputs.items()}),
            "azureml.pipelines.stages": compact({"Execution": times}),
        }
    return {
        "creation_context": {"created_at": job.created.isoformat(timespec="microseconds"), "created_by": job.by},
        "display_name": job.display_name,
        "experiment_name": job.experiment,
        "name": job.name,
        "properties": properties,
        "status": status,
        "type": "pipeline" if job.schedule else "command",
    }


def compact(data: dict) -> str:
    return json.dumps(data, separators=(",", ":"))


def name_job(schedule: str, what: str) -> str:
    return f"{schedule}-{uuid.uuid5(uuid.NAMESPACE_URL, what)}"


if __name__ == "__main__":
    main()
