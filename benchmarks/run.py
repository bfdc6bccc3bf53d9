"""``python benchmarks/run.py`` prints every table of docs/performance.md."""

from __future__ import annotations

import client
import emulator
import engine
import fleet
import load
import plans
import startup

PARTS = {
    "Engine": engine,
    "Plans": plans,
    "Estates": fleet,
    "Load": load,
    "Load of computes": load,
    "The real client": client,
    "Files and emulator": emulator,
    "Start-up": startup,
}

if __name__ == "__main__":
    for title, part in PARTS.items():
        print(f"\n## {title}\n")
        part.main()
