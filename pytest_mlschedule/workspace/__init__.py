"""The fake workspace: schedules, jobs, roles and the activity log, with the verbs of azure.ai.ml operations."""
