"""``python -m pytest_mlschedule.cli``: the same as ``mlschedule``."""

from pytest_mlschedule.cli import main

if __name__ == "__main__":
    main()
