"""The reference assistant: no model, no network, the same answer every time. It arranges what it is given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Final, final

from oasys_sched.sessions.assistant import (
    AssistantTask,
    HealthEntry,
    PreparationRequest,
    Question,
    ScribeRequest,
    Suggestion,
)
from oasys_sched.sessions.note import Passage
from oasys_sched.sessions.sensitive import Sensitive

__all__ = ["PlainAssistant"]

# How many of the latest themes a summary repeats.
_THEMES: Final = 3
_NOTHING: Final = "Nothing to suggest: this assistant only arranges what is known."


@final
class PlainAssistant:
    """An `Assistant` for tests, demos and practices without a model: lists and quotes, never a word of its own advice.

    >>> from oasys_sched.sessions.assistant import Question
    >>> ask = Question(client="ana", task=AssistantTask.INTERVENTIONS, text=Sensitive("what now?"))
    >>> PlainAssistant().answer(ask).text.reveal()
    'Nothing to suggest: this assistant only arranges what is known.'
    """

    def prepare(self, request: PreparationRequest, /) -> Suggestion:
        """Count the sessions, line up each measure, repeat the first sentence of the latest notes."""
        lines = []
        if request.history:
            last = request.history[-1]
            number = len(request.history)
            held = f"{number} session{'s' * (number != 1)}"
            lines.append(f"{held}; the last on {last.at:%d %B %Y}, {last.minutes} minutes, {last.mode}.")
        lines += _trends(request.health)
        lines += [_first_sentence(theme.reveal()) for theme in request.themes[-_THEMES:]]
        return _said({"": "\n".join(lines) or _NOTHING})

    def answer(self, question: Question, /) -> Suggestion:
        """Line up the measures when asked for trends; suggest nothing otherwise."""
        lines = _trends(question.health) if question.task is AssistantTask.HEALTH_TRENDS else []
        return _said({"": "\n".join(lines) or _NOTHING})

    def scribe(self, request: ScribeRequest, /) -> Suggestion:
        """Offer the transcript for the first section; template and instructions are for a model to follow."""
        heard = " ".join(segment.reveal() for segment in request.transcript)
        return _said({request.sections[0]: heard} if heard else {})


def _trends(health: Iterable[HealthEntry]) -> list[str]:
    ordered = sorted(health, key=lambda row: (row.measure, row.at))
    return [
        f"{measure}: {', then '.join(row.value.reveal() for row in rows)}."
        for measure, rows in groupby(ordered, key=lambda row: row.measure)
    ]


def _first_sentence(text: str) -> str:
    return text.split(". ", 1)[0].rstrip(".") + "."


def _said(sections: Mapping[str, str]) -> Suggestion:
    return Suggestion(
        passages=tuple(Passage(section=section, text=Sensitive(text)) for section, text in sections.items())
    )
