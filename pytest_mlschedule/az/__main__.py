"""``python -m pytest_mlschedule.az``: the same as the az on PATH."""

import sys

from pytest_mlschedule.az.child import main

sys.exit(main())
