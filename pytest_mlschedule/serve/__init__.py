"""The REST face on a port of this machine, for clients that are no Python, with a page and a clock that can be moved."""
