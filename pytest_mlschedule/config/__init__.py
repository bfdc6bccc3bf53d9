"""The configuration of a repository: mlschedule.toml, or [tool.mlschedule] of pyproject.toml."""
