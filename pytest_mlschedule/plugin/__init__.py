"""The pytest plugin (entry point ``mlschedule``)."""
