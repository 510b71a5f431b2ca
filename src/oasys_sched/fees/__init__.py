"""What does it cost? Fee schedules, quotes, charges, billing."""
