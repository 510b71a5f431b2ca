"""May they? The rules a practice sets, as frozen values."""
