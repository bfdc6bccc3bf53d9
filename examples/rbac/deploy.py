"""The team's deploy script: puts the schedules of a folder into a workspace and removes those that are gone.

``workspace`` is an MLClient in production and a FakeWorkspace in tests: both have ``schedules`` with the same verbs.
"""


def deploy(workspace, schedules):
    wanted = {schedule.name for schedule in schedules}
    for schedule in schedules:
        workspace.schedules.begin_create_or_update(schedule).result()
    for old in workspace.schedules.list(list_view_type="ALL"):
        if old.name not in wanted:
            remove(workspace, old.name)


def remove(workspace, name):
    """A schedule must be disabled before it can be deleted."""
    workspace.schedules.begin_disable(name).result()
    workspace.schedules.begin_delete(name).result()
