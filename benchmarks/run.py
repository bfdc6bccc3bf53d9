"""``python benchmarks/run.py`` prints every table of docs/performance.md."""

from __future__ import annotations

import emulator
import engine
import plans
import startup

for title, part in (("Engine", engine), ("Plans", plans), ("Files and emulator", emulator), ("Start-up", startup)):
    print(f"\n## {title}\n")
    part.main()
