"""A wrapper for clinical text: nothing shows it by accident (reliability.md 4.9)."""

from __future__ import annotations

from typing import Any, Final, Generic, NoReturn, TypeVar, final

__all__ = ["REVEAL", "Sensitive"]

T = TypeVar("T")

# The context under which pydantic may write the content down: storage gives it, a web page does not.
REVEAL: Final = {"reveal_sensitive": True}


@final
class Sensitive(Generic[T]):
    """Holds clinical text that only `reveal()` shows.

    Printing, formatting and logging show a placeholder; pickling is refused. Equal content compares equal.
    `TypeAdapter` reads it from plain JSON and writes it only under `context=REVEAL`. Set `hide_input_in_errors` on
    models of your own that hold it: pydantic's errors about their other fields may quote the whole input.

    >>> note = Sensitive("sleeps badly")
    >>> note, f"{note}", note.reveal()
    (<sensitive>, '<sensitive>', 'sleeps badly')
    """

    __slots__ = ("_content",)

    def __init__(self, content: T) -> None:
        self._content = content.reveal() if isinstance(content, Sensitive) else content

    def reveal(self) -> T:
        """Return the content. Every call of this is a place to review."""
        return self._content

    def __setattr__(self, name: str, value: object) -> None:
        if hasattr(self, "_content"):
            raise AttributeError("sensitive text never changes: make another one")
        object.__setattr__(self, name, value)

    def __bool__(self) -> bool:
        return bool(self._content)

    def __len__(self) -> int:
        return len(self._content)  # type: ignore[arg-type]  # only sized content has a length; others raise TypeError

    def __eq__(self, other: object) -> bool:
        return self._content == other._content if isinstance(other, Sensitive) else NotImplemented

    def __hash__(self) -> int:
        return hash((Sensitive, self._content))

    def __repr__(self) -> str:
        return "<sensitive>"

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __copy__(self) -> Sensitive[T]:
        return self

    def __deepcopy__(self, memo: object) -> Sensitive[T]:
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("sensitive text is not pickled: reveal it on purpose, or pass its id")

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> dict[str, Any]:
        # Pydantic's schemas are plain dicts, so the core needs no import of it.
        (inner,) = getattr(source, "__args__", None) or (str,)
        # What is given is wrapped before it is looked at: pydantic's errors show what they complain of.
        return {
            "type": "function-before",
            "function": {"type": "no-info", "function": cls},
            "schema": {
                "type": "function-wrap",
                "function": {"type": "no-info", "function": cls._read},
                "schema": handler.generate_schema(inner),
            },
            "serialization": {"type": "function-plain", "function": cls._written, "info_arg": True},
        }

    @classmethod
    def _read(cls, value: Sensitive[Any], inner: Any) -> Sensitive[Any]:
        try:
            return cls(inner(value.reveal()))
        except ValueError:  # pydantic's own error is one
            raise ValueError("not what is kept here") from None

    @staticmethod
    def _written(value: Sensitive[Any], info: Any) -> Any:
        if not (info.context or {}).get("reveal_sensitive"):
            raise ValueError("sensitive text is written only under context=REVEAL")
        return value.reveal()
