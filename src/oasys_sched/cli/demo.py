"""`oasys-sched demo`: a practice at work."""
