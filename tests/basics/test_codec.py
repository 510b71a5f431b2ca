"""Storage's JSON: every stored class by a name of its own, and nothing else."""

from dataclasses import dataclass, is_dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

import pytest

import oasys_sched as sched
from oasys_sched import codec
from oasys_sched.codec import _HOMES as HOMES


@dataclass(frozen=True)
class Stranger:
    """A class of somebody else's."""


@pytest.mark.parametrize(
    "value",
    [
        frozenset({3, 1, 2}),
        {"a": (1, 2), sched.Mode.PHONE: None},
        (date(2026, 3, 2), time(9, 30), timedelta(days=-1, microseconds=3), b"\x00\xff"),
        datetime(2026, 3, 2, 9),
        datetime(2026, 3, 2, 9, tzinfo=UTC),
        sched.Money.of("12.50", "EUR"),
        sched.Refused((sched.Refusal(sched.Code.CONFLICT, "taken", "starts_at"),)),
    ],
    ids=repr,
)
def test_what_is_written_is_read_again(value: object) -> None:
    assert codec.loads(codec.dumps(value)) == value


@pytest.mark.parametrize("value", [object(), Stranger(), {"a": Stranger}], ids=["object", "class", "type"])
def test_only_what_is_ours_is_written(value: object) -> None:
    with pytest.raises(sched.InvalidValue, match="is not stored"):
        codec.dumps(value)


@pytest.mark.parametrize("text", ["{}", '{"x": 1}', '{"$": "Stranger"}', '{"$": "os.system"}', '{"$e": "No", "v": 1}'])
def test_a_row_cannot_name_a_class_or_a_form_of_its_own(text: str) -> None:
    with pytest.raises(sched.InvalidValue, match="unknown stored"):
        codec.loads(text)


def modules() -> list[ModuleType]:
    names = [row.name for row in iter_modules(sched.__path__, "oasys_sched.") if row.name.rpartition(".")[2] in HOMES]
    homes = [import_module(name) for name in names]
    return homes + [
        import_module(row.name)
        for home in homes
        for row in iter_modules(getattr(home, "__path__", ()), f"{home.__name__}.")
    ]


def test_no_two_classes_that_may_be_stored_share_a_name() -> None:
    homes: dict[str, set[str]] = {}
    for value in (value for module in modules() for value in vars(module).values()):
        storable = isinstance(value, type) and (is_dataclass(value) or issubclass(value, Enum))
        if storable and value.__module__.startswith("oasys_sched"):
            homes.setdefault(value.__name__, set()).add(value.__module__)

    assert len(homes) > 100
    assert {name: where for name, where in homes.items() if len(where) > 1} == {}
