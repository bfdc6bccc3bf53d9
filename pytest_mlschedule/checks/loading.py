"""The rules whose findings come from loading: what the client or the service rejects, and what they read otherwise."""

from __future__ import annotations

from pytest_mlschedule.checks.rule import Rule
from pytest_mlschedule.diagnostics import Severity

# Severities are those of a check. Loading warns where check says error of MLS015 (JB-10) and MLS307 (ST-1).
_TABLE = """
MLS001 error   unreadable-file the file cannot be read
MLS002 error   not-utf8 the file is not UTF-8
MLS003 error   syntax the text is not YAML or JSON
MLS004 error   hostile-document the document is hostile or far too large
MLS005 warning duplicate-key a key is given twice
MLS006 error   unknown-key the key is not known
MLS007 error   missing-key a key is missing
MLS008 error   wrong-type the value has the wrong type
MLS009 error   value-not-allowed the value is not allowed here
MLS010 error   job-not-schedule this is a job, not a schedule
MLS011 warning yaml-look-alike YAML 1.1 reads this otherwise
MLS012 error   unsupported-trigger the trigger is not supported by Azure ML
MLS013 error   arm-expression an ARM expression cannot be evaluated
MLS014 warning arm-expression-kept an ARM expression stays as text
MLS015 error   is-enabled-ignored is_enabled: false is ignored
MLS016 error   placeholder-without-value a placeholder has no value
MLS017 warning template-without-values the file is a template
MLS101 error   not-five-fields not five fields
MLS102 error   cron-out-of-range a value is out of range
MLS103 warning days-and-months-ignored DAYS and MONTHS are ignored
MLS104 warning reversed-range the range is written backwards
MLS105 warning ambiguous-name the name fits several values
MLS106 error   cron-syntax NCrontab cannot read it
MLS201 error   unknown-frequency not a frequency
MLS202 error   interval-not-whole the interval is not a whole number of 1 or more
MLS203 error   interval-above-limit the interval is above the limit
MLS204 error   pattern-out-of-range a value of the pattern is out of range
MLS205 error   pattern-with-minute-or-hour a pattern needs day, week or month
MLS206 error   days-of-other-frequency these days do not go with the frequency
MLS207 warning negative-month-days negative month days are not documented for Azure ML
MLS208 warning week-days-and-month-days week_days and month_days together
MLS209 note    fraction-cut a fraction is cut
MLS301 error   time-form not a time that Azure ML takes
MLS302 error   unknown-zone not a time zone name
MLS303 error   iana-zone an IANA time zone name
MLS304 warning zone-not-in-client a Windows zone that the client does not list
MLS305 error   end-before-start the end is before the start
MLS306 note    second-fraction-cut a fraction of a second is cut
MLS307 error   offset-dropped the UTC offset of a time will be dropped
MLS401 error   job-not-found the job cannot be found
MLS403 error   unsupported-job-type jobs and steps of this type cannot be scheduled
MLS404 warning preview-job-type a private preview
MLS405 error   job-type-missing the type of the job is missing or another one
MLS406 error   job-content the job itself cannot be used
MLS407 error   component the component of a step cannot be used
MLS501 error   name-not-allowed the name is not allowed
MLS502 warning display-name-too-long display names of jobs get too long
MLS503 warning unknown-macro not a macro
MLS504 warning macro-not-resolved-here macros are not resolved here
MLS505 note    assumed-creation the times count from a creation that was guessed
MLS506 note    possible-first-run a first run at creation is possible
"""


def _read_table() -> tuple[Rule, ...]:
    rows = [line.split(None, 3) for line in _TABLE.strip().splitlines()]
    return tuple(
        Rule(code=code, severity=Severity(severity), name=name, summary=summary)
        for code, severity, name, summary in rows
    )


RULES = _read_table()
