"""The reference assistant arranges what the rules let it see, and adds nothing."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

import oasys_sched as sched
from oasys_sched.adapters.assistant import PlainAssistant
from oasys_sched.sessions.assistant import (
    AssistantTask,
    HealthEntry,
    PastSession,
    PreparationRequest,
    Question,
    ScribeRequest,
)
from oasys_sched.sessions.note import Passage

AT = datetime(2026, 3, 2, 14, tzinfo=UTC)
THERE = PlainAssistant()


def score(day: int, value: str, measure: str = "PHQ-9") -> HealthEntry:
    return HealthEntry(client="ana", measure=measure, at=AT.replace(day=day), value=sched.Sensitive(value))


def past(day: int) -> PastSession:
    return PastSession(service="therapy-50", mode=sched.Mode.TELEHEALTH, at=AT.replace(day=day), minutes=48)


def asked(**given: object) -> str:
    return THERE.prepare(PreparationRequest(client="ana", **given)).text.reveal()  # type: ignore[arg-type]


def test_s52_a_summary_counts_sessions_lines_up_measures_and_repeats_themes() -> None:
    themes = ("Too old.", "Sleep. More on that.", "Work", "Family. And so on.")
    summary = asked(
        history=(past(2), past(9)),
        health=(score(9, "11"), score(2, "14"), score(2, "8", "GAD-7")),
        themes=tuple(sched.Sensitive(text) for text in themes),
    )

    assert summary.splitlines() == [
        "2 sessions; the last on 09 March 2026, 48 minutes, telehealth.",
        "GAD-7: 8.",
        "PHQ-9: 14, then 11.",
        "Sleep.",
        "Work.",
        "Family.",
    ]


def test_s52_one_session_and_nothing_at_all() -> None:
    assert asked(history=(past(2),)) == "1 session; the last on 02 March 2026, 48 minutes, telehealth."
    assert asked() == "Nothing to suggest: this assistant only arranges what is known."


def test_s53_trends_are_lined_up_and_advice_is_never_given() -> None:
    def answer(task: AssistantTask) -> str:
        question = Question(client="ana", task=task, text=sched.Sensitive("?"), health=(score(2, "14"), score(9, "11")))
        return THERE.answer(question).text.reveal()

    assert answer(AssistantTask.HEALTH_TRENDS) == "PHQ-9: 14, then 11."
    assert answer(AssistantTask.INTERVENTIONS) == answer(AssistantTask.DOCUMENTATION) == asked()


def test_s71_the_transcript_is_offered_for_the_first_section() -> None:
    def scribed(*segments: str) -> tuple[Passage, ...]:
        request = ScribeRequest(
            client="ana",
            mode=sched.Mode.TELEHEALTH,
            format="soap",
            sections=("subjective", "objective", "assessment", "plan"),
            body=(),
            transcript=tuple(sched.Sensitive(text) for text in segments),
        )
        return THERE.scribe(request).passages

    assert [(row.section, row.text.reveal()) for row in scribed("I slept.", "It helped.")] == [
        ("subjective", "I slept. It helped.")
    ]
    assert scribed() == ()


@given(st.lists(st.tuples(st.integers(1, 28), st.text("0123456789", min_size=1, max_size=3)), max_size=8))
def test_the_same_question_has_the_same_answer_whatever_the_order(values: list[tuple[int, str]]) -> None:
    rows = tuple(score(day, value) for day, value in dict(values).items())

    assert asked(health=rows) == asked(health=tuple(reversed(rows)))
