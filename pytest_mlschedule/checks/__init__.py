"""Rules for schedules: what is accepted and still wrong, and what a team does not want."""
