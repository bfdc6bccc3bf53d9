"""Triggers and time: what a trigger's definition means and when it fires (row 1; rules TZ, ST, DST, RC, CR)."""
