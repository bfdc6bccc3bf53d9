"""Mending what has one right answer: edits by position, so that comments and layout stay as they are."""
