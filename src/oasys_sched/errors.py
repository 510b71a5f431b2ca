"""The exceptions, as one tree. A refusal is a value (`decisions.Refused`); these are for broken programs and worlds.

```
OasysError
├── InvalidValue (ValueError)      a value that can never be right: naive datetime, end before start
│   └── InvalidPolicy              a configuration that contradicts itself
├── NotFound (LookupError)         no such aggregate in this practice
├── StaleWrite                     someone else wrote first: load again and decide again
├── SlotTaken                      the storage refused an overlap of occupancies
├── KeyReused                      an idempotency key came back with another request
├── PortFailed                     the outside world failed
│   ├── DeliveryFailed             a message could not be handed over; `permanent` when trying again is pointless
│   ├── FeedUnavailable            another calendar gave no usable answer
│   ├── OutcomeUnknown             it failed while committing: the work may or may not be stored
│   └── NotifyFailed               stored, but not announced; carries the decision
├── RequestRefused                 a refusal somebody asked to have raised (`or_raise`)
└── MissingExtra (ImportError)     an optional dependency is not installed
```

Every exception has a `.code` (`codes.Code`). Messages never hold names, notes or other people's times.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from oasys_sched.codes import Code

if TYPE_CHECKING:
    from oasys_sched.decisions import Refusal

__all__ = [
    "DeliveryFailed",
    "FeedUnavailable",
    "InvalidPolicy",
    "InvalidValue",
    "KeyReused",
    "MissingExtra",
    "NotFound",
    "NotifyFailed",
    "OasysError",
    "OutcomeUnknown",
    "PortFailed",
    "RequestRefused",
    "SlotTaken",
    "StaleWrite",
]


class OasysError(Exception):
    """The base of every exception this library raises on purpose."""

    code: Code = Code.INVALID_VALUE


class InvalidValue(OasysError, ValueError):
    """A value that can never be right; `field` names where it was given."""

    def __init__(self, message: str, *, field: str | None = None, code: Code = Code.INVALID_VALUE) -> None:
        super().__init__(f"{field}: {message}" if field else message)
        self.problem = message
        self.field = field
        self.code = code

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild_invalid, (type(self), self.problem, self.field, self.code))


def _rebuild_invalid(kind: type[InvalidValue], message: str, field: str | None, code: Code) -> InvalidValue:
    return kind(message, field=field, code=code)


class InvalidPolicy(InvalidValue):
    """A configuration that contradicts itself; nothing is booked under it."""

    def __init__(self, message: str, *, field: str | None = None, code: Code = Code.INVALID_POLICY) -> None:
        super().__init__(message, field=field, code=code)


class NotFound(OasysError, LookupError):
    """No such aggregate in this practice, or none that this actor may know of."""

    code = Code.NOT_FOUND


class StaleWrite(OasysError):
    """Someone else wrote first: load again and decide again."""

    code = Code.STALE_REVISION


class SlotTaken(OasysError):
    """The storage refused an overlap; it never says with whom."""

    code = Code.SLOT_UNAVAILABLE


class KeyReused(OasysError):
    """An idempotency key came back with another request body."""

    code = Code.IDEMPOTENCY_MISMATCH


class PortFailed(OasysError):
    """Something outside the rules failed: a database, a mail server, a feed."""

    code = Code.PORT_FAILED


class DeliveryFailed(PortFailed):
    """A message could not be handed over; `permanent` when trying again is pointless."""

    code = Code.DELIVERY_FAILED

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent


class FeedUnavailable(PortFailed):
    """Another calendar gave no usable answer; that is never the same as being free."""

    code = Code.FEED_UNAVAILABLE


class OutcomeUnknown(PortFailed):
    """The connection broke while committing: ask again with the same idempotency key."""


class NotifyFailed(PortFailed):
    """The work is stored, the announcement is not; `decision` holds what was accepted."""

    def __init__(self, message: str, decision: object) -> None:
        super().__init__(message)
        self.decision = decision


class RequestRefused(OasysError):
    """A refusal that the caller asked to have raised; `refusals` holds every reason."""

    def __init__(self, refusals: tuple[Refusal, ...]) -> None:
        super().__init__("; ".join(f"{r.code}: {r.message}" for r in refusals))
        self.refusals = refusals
        self.code = refusals[0].code

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), (self.refusals,))


class MissingExtra(OasysError, ImportError):
    """An optional dependency is not installed; the message says which extra brings it."""

    code = Code.MISSING_EXTRA

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(f"{package} is not installed: pip install 'oasys-sched[{extra}]'")
        self.package = package
        self.extra = extra

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), (self.package, self.extra))
