"""When could it be? Hours, overrides, blocks, busy times, and the slots that remain."""
