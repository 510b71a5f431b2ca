"""The library's own dataclasses as JSON objects: field by field, checked by the classes themselves."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Annotated, Any, Final, Union, get_args, get_origin, get_type_hints

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, create_model

from oasys_sched.codes import Code
from oasys_sched.errors import InvalidValue
from oasys_sched.schema.leaves import LEAVES

__all__ = ["STRICT", "known_fields", "listed", "record", "shape"]

STRICT: Final = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
MOST_ITEMS: Final = 250_000


def known_fields(names: Sequence[str]) -> Callable[[object], object]:
    """Refuse an object with a field that does not exist, naming it and those that do."""

    def check(value: object) -> object:
        if not isinstance(value, Mapping):
            raise InvalidValue(f"give an object with {', '.join(names)}")
        for name in value:
            if name not in names:
                raise InvalidValue(f"no such field; there are {', '.join(names)}", field=str(name))
        return value

    return check


def _not_too_many(value: object) -> object:
    if not isinstance(value, list | tuple):
        raise InvalidValue("give a list")
    if len(value) > MOST_ITEMS:
        raise InvalidValue(f"give at most {MOST_ITEMS} items", code=Code.TOO_LARGE)
    return value


def listed(item: Any) -> Any:
    """Return the type of a list of items, kept as a tuple; its length is checked before anything in it."""
    return Annotated[tuple[item, ...], BeforeValidator(_not_too_many)]


def shape(hint: Any) -> Any:
    """Return what pydantic shall read for a type of ours."""
    if hint in LEAVES:
        return LEAVES[hint]
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return record(hint)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is tuple:
        return listed(shape(arguments[0]))
    if origin in (Union, types.UnionType):
        return Union[tuple(shape(part) for part in arguments)]  # noqa: UP007 - the parts are only known here
    # What is left are enumerations and None, which pydantic reads as they are.
    return hint


@lru_cache(maxsize=64)
def record(kind: type) -> Any:
    """Return a dataclass as a JSON object with the same fields; what is left out takes the class's default.

    The class itself checks the values: its errors are reported where they belong.
    """
    hints = get_type_hints(kind)
    given: dict[str, Any] = {}
    for field in (field for field in dataclasses.fields(kind) if field.init):
        required = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        given[field.name] = (shape(hints[field.name]), ... if required else Field(default_factory=lambda: None))
    form = create_model(kind.__name__, __config__=STRICT, __doc__=(kind.__doc__ or "").partition("\n")[0], **given)

    def build(model: BaseModel) -> object:
        return kind(**{name: getattr(model, name) for name in model.model_fields_set})

    return Annotated[form, BeforeValidator(known_fields(tuple(given))), AfterValidator(build)]
