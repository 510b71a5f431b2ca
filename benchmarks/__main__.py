"""`python -m benchmarks [topic ...]`: every topic, or the named ones."""

from __future__ import annotations

import platform
import sys
from importlib import import_module

TOPICS = ("slots", "series", "desk", "sessions", "views", "storage", "imports", "hostile")


def main(asked: list[str]) -> int:
    unknown = sorted(set(asked) - set(TOPICS))
    if unknown:
        print(f"unknown topic {unknown[0]}; there are {', '.join(TOPICS)}", file=sys.stderr)
        return 2
    print(f"Python {platform.python_version()}, {platform.machine()}")
    for topic in asked or TOPICS:
        print(f"\n=== {topic} ===")
        import_module(f"benchmarks.{topic}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
