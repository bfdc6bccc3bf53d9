"""Plans: every run that schedules would start in a window, without starting any."""
