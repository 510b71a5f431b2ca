"""Ratios, not seconds: every contender runs in one process, interleaved, and has to give the same answer."""
