"""Where faults come in: before a call is carried out, and after."""

from __future__ import annotations

from pytest_mlschedule.arm.faults_hook import Call, FaultHook

__all__ = ["Call", "FaultHook"]
