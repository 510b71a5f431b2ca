"""What an adapter's author says about it in a suite: attributes that are functions, or methods."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any
from unittest import SkipTest

from oasys_sched.ports import Repository

__all__ = ["Flags", "asked"]


def asked(suite: object, flag: str, of: object) -> Any:
    """Call a flag with the adapter: a function of it alone, or an ordinary method with `self` before it."""
    said = getattr(type(suite), flag)
    if inspect.isfunction(said):
        places = [one for one in inspect.signature(said).parameters.values() if one.default is one.empty]
        if len(places) > 1:
            return said(suite, of)
    return said(of)


class Flags:
    """What a storage can do; what it says it cannot is skipped."""

    threads = True
    processes: Callable[..., Any] | None = None

    def _needs_threads(self) -> None:
        if not self.threads:
            raise SkipTest("not for several threads")

    def _opening(self, repository: Repository) -> Callable[..., Repository]:
        if self.processes is None:
            raise SkipTest("not for several processes: say in `processes` how another one opens the storage")
        opening: Callable[..., Repository] = asked(self, "processes", repository)
        return opening
