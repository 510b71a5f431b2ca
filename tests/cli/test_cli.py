"""The command line: the JSON seam other languages check themselves against, text for people, and errors in one line."""

import io
import json
import os
import re
import runpy
import subprocess
import sys
import xml.etree.ElementTree as ET
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import oasys_sched as sched
from oasys_sched.cli import main
from oasys_sched.cli.terminal import Streams

DATA = Path(__file__).parents[1] / "data"
SLOT_CASES = json.loads((DATA / "slots.json").read_text())["cases"]
SERIES_CASES = json.loads((DATA / "recurrence.json").read_text())
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DOCUMENT: dict[str, Any] = {
    "zone": "America/New_York",
    "hours": {"mon-fri": "09:00-12:00, 13:00-17:00"},
    "overrides": {"2026-06-19": ""},
    "blocks": [
        {"start": "2026-06-16T12:00:00", "end": "2026-06-16T12:30:00", "rule": "FREQ=DAILY", "title": "Lunch"},
        {"start": "2026-06-17T09:00:00-04:00", "end": "2026-06-17T10:00:00-04:00", "title": "Supervision", "id": "b1"},
    ],
    "busy": [{"start": "2026-06-15T09:00:00-04:00", "end": "2026-06-15T10:00:00-04:00"}],
    "service": {"duration": "PT50M", "name": "Individual therapy"},
    "policy": {"minimum_notice": "PT24H", "slot_step": "PT30M"},
    "now": "2026-06-01T00:00:00Z",
    "window": {"start": "2026-06-15T00:00:00-04:00", "end": "2026-06-20T00:00:00-04:00"},
}
CENTURY = {"start": "2026-01-01T00:00:00Z", "end": "2126-01-01T00:00:00Z"}
DAILY = {"start": "2026-01-01T00:00:00", "rule": "FREQ=DAILY"}


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def run(*arguments: str, stdin: object = None, out: io.StringIO | None = None) -> tuple[int, str, str]:
    raw = stdin if isinstance(stdin, bytes) else json.dumps(stdin).encode()
    streams = Streams(io.BytesIO(raw), out or io.StringIO(), io.StringIO())
    status = main(arguments, streams)
    return status, streams.out.getvalue(), streams.err.getvalue()  # type: ignore[attr-defined]


def answered(*arguments: str, stdin: object) -> Any:
    status, out, err = run(*arguments, stdin=stdin)
    assert (status, err) == (0, "")
    return json.loads(out)


def as_document(case: dict[str, Any]) -> dict[str, Any]:
    """Turn a case's convention into the command line's JSON form."""
    hours: dict[str, list[str]] = {}
    for row in case["weekly_hours"]:
        hours.setdefault(WEEKDAYS[row["weekday"]], []).append(f"{row['start']}-{row['end']}")
    policy = {"slot_step": f"PT{case['step_min']}M", "minimum_notice": f"PT{case['min_notice_min']}M"}
    if case["max_horizon_min"] is not None:
        policy["maximum_advance"] = f"PT{case['max_horizon_min']}M"
    return {
        "zone": case["timezone"],
        "hours": {day: ", ".join(ranges) for day, ranges in hours.items()},
        "overrides": {
            row["date"]: ", ".join(f"{window['start']}-{window['end']}" for window in row["windows"])
            for row in case["overrides"]
        },
        "busy": case["busy"],
        "service": {
            "duration": f"PT{case['duration_min']}M",
            "buffer_before": f"PT{case['buffer_before_min']}M",
            "buffer_after": f"PT{case['buffer_after_min']}M",
        },
        "policy": policy,
        "now": case["now"],
        "window": {"start": case["window_start"], "end": case["window_end"]},
    }


@pytest.mark.parametrize("case", SLOT_CASES, ids=lambda case: case["name"])
def test_every_slot_case_comes_out_of_the_command_line(case: dict[str, Any]) -> None:
    slots = answered("slots", "--json", "-", stdin=as_document(case))["slots"]

    if "expected_starts" in case:
        assert [slot["start"] for slot in slots] == case["expected_starts"]
    else:
        assert len(slots) == case["expected_count"]


@pytest.mark.parametrize("case", SERIES_CASES, ids=lambda case: case["name"])
def test_every_series_case_comes_out_of_the_command_line(case: dict[str, Any]) -> None:
    document = {
        "start": case["dtstart"],
        "zone": case["tzid"],
        "rule": case["rrule"],
        "exclude": case["exdate"],
        "add": case["rdate"],
        "limit": case["limit"],
    }
    found = answered("expand", "--json", "-", stdin=document)["occurrences"]

    assert [one["start"] for one in found] == case["expected"]
    if "expected_utc" in case:
        assert [one["utc"] for one in found] == case["expected_utc"]
    assert all((one["utc"] is None) is (case["tzid"] is None) for one in found)


def test_the_installed_command_reads_a_file_and_a_pipe(tmp_path: Path) -> None:
    file = tmp_path / "question.json"
    file.write_text(json.dumps(DOCUMENT))
    command = [sys.executable, "-m", "oasys_sched", "slots", "--json"]

    by_file = subprocess.run([*command, str(file)], capture_output=True, text=True, check=True)
    by_pipe = subprocess.run([*command, "-"], input=file.read_text(), capture_output=True, text=True, check=True)

    assert by_file.stdout == by_pipe.stdout
    assert len(json.loads(by_file.stdout)["slots"]) == len(answered("slots", "--json", "-", stdin=DOCUMENT)["slots"])


def test_the_installed_command_fails_in_one_line() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "oasys_sched", "expand", "-"], input="{", capture_output=True, text=True, check=False
    )

    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("oasys-sched: file: not JSON: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(os.name != "posix", reason="pipes close otherwise elsewhere")
def test_a_reader_who_has_seen_enough_is_no_error() -> None:
    document = DOCUMENT | {"window": {"start": "2026-06-15T00:00:00Z", "end": "2027-06-15T00:00:00Z"}}
    read, write = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", "oasys_sched", "slots", "--json", "-"],
        stdin=subprocess.PIPE, stdout=write, stderr=subprocess.PIPE,
    )  # fmt: skip
    os.close(read)
    os.close(write)
    _, err = process.communicate(json.dumps(document).encode(), timeout=60)

    assert (process.returncode, err) == (0, b"")


def test_a_question_can_be_a_file(tmp_path: Path) -> None:
    file = tmp_path / "question.json"
    file.write_text(json.dumps(DOCUMENT), encoding="utf-8")

    assert run("slots", "--json", str(file)) == run("slots", "--json", "-", stdin=DOCUMENT)


def test_a_pipe_that_closes_while_writing_ends_quietly(monkeypatch: pytest.MonkeyPatch) -> None:
    class Closed(io.StringIO):
        def flush(self) -> None:
            raise BrokenPipeError

    silenced: list[int] = []
    monkeypatch.setattr(os, "dup2", lambda _, onto: silenced.append(onto))

    assert run("slots", "-", stdin=DOCUMENT, out=Closed())[0] == 0
    assert silenced == [1]


def test_slots_as_text_are_a_table_by_day() -> None:
    status, out, _ = run("slots", "-", stdin=DOCUMENT)
    lines = out.splitlines()

    assert status == 0
    assert lines[0] == "44 bookable slots of 50 minutes for Individual therapy, times in America/New_York"
    assert lines[1].startswith("Mon 15 Jun 2026  10:00 10:30 11:00 13:00")
    assert not any("Fri 19" in line for line in lines)
    assert "\x1b" not in out


def test_slots_can_be_shown_in_the_clients_zone() -> None:
    slots = answered("slots", "--json", "--in-zone", "Europe/Paris", "-", stdin=DOCUMENT)["slots"]

    assert slots[0]["start"] == "2026-06-15T16:00:00+02:00"
    assert run("slots", "--in-zone", "Paris", "-", stdin=DOCUMENT)[0] == 2


def test_no_hours_are_no_slots() -> None:
    assert answered("slots", "--json", "-", stdin=DOCUMENT | {"hours": None}) == {"slots": []}
    assert run("slots", "-", stdin=DOCUMENT | {"hours": {}}, out=Terminal())[1].startswith("0 bookable slots")


def test_a_terminal_gets_a_picture_in_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("rich")
    status, out, _ = run("slots", "-", stdin=DOCUMENT, out=Terminal())

    assert status == 0
    assert "Mon 15" in out
    assert "Lunch" in out


def test_a_terminal_without_rich_gets_the_same_picture_in_plain_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("oasys_sched.cli.terminal.find_spec", lambda name: None)
    out = run("week", "-", stdin=DOCUMENT, out=Terminal())[1]

    assert "Mon 15" in out
    assert "\x1b" not in out


def test_colours_reach_a_terminal_that_has_them(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("rich")
    from oasys_sched.calendar.terminal import Piece

    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.delenv("NO_COLOR", raising=False)
    out = Terminal()
    Streams(io.BytesIO(), out, io.StringIO()).paint([[Piece("Ana", "#102030", "#ffffff"), Piece(" [b]x[/b]")]])

    assert "\x1b[38;2;255;255;255;48;2;16;32;48mAna" in out.getvalue()
    assert "[b]x[/b]" in out.getvalue()


def test_a_terminal_that_knows_only_ascii_still_gets_an_answer() -> None:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="ascii")
    status = main(["week", "-"], Streams(io.BytesIO(json.dumps(DOCUMENT).encode()), out, io.StringIO()))

    assert status == 0
    assert b"Mon 15" in raw.getvalue()


def test_check_says_that_a_start_can_be_booked() -> None:
    asked = DOCUMENT | {"start": "2026-06-15T10:00:00-04:00"}

    assert answered("check", "--json", "-", stdin=asked) == {"bookable": True, "reasons": []}
    assert run("check", "-", stdin=asked)[:2] == (0, "Mon 15 Jun 2026 10:00: bookable\n")


def test_check_gives_every_reason_with_its_culprit() -> None:
    asked = DOCUMENT | {"start": "2026-06-17T09:10:00-04:00"}
    status, out, _ = run("check", "--json", "-", stdin=asked)
    answer = json.loads(out)

    assert (status, answer["bookable"]) == (1, False)
    assert [reason["code"] for reason in answer["reasons"]] == ["off_grid", "blocked"]
    assert answer["reasons"][1]["details"]["start"] == "2026-06-17T09:00:00-04:00"
    assert answer["reasons"][0]["details"]["nearest_after"] == "2026-06-17T10:00:00-04:00"
    assert answer["reasons"][0]["field"] == "starts_at"


def test_check_tells_a_person_too_and_the_time_can_be_given_apart() -> None:
    status, out, _ = run("check", "--at", "2026-06-17T09:00:00-04:00", "-", stdin=DOCUMENT)

    assert status == 1
    assert out.startswith("Wed 17 Jun 2026 09:00: not bookable\n  blocked: a time block lies there (kind block, id b1,")


def test_s109_check_tells_a_client_only_that_it_is_not_available() -> None:
    status, out, _ = run("check", "--json", "--client", "--at", "2026-06-17T09:00:00-04:00", "-", stdin=DOCUMENT)

    assert status == 1
    assert json.loads(out)["reasons"] == [
        {"code": "slot_unavailable", "message": "this time is not available", "field": "starts_at", "details": {}}
    ]
    text = run("check", "--client", "--at", "2026-06-17T09:00:00-04:00", "-", stdin=DOCUMENT | {"hours": None})[1]
    assert text == "Wed 17 Jun 2026 09:00: not bookable\n  slot_unavailable: this time is not available\n"


def test_week_draws_hours_blocks_busy_times_and_bookable_stretches() -> None:
    status, out, _ = run("week", "-", stdin=DOCUMENT)

    assert status == 0
    assert "Sun 21" in out.splitlines()[0]
    assert all(word in out for word in ("Lunch", "Supervision", "Busy", "Free"))


def test_week_draws_the_week_of_now_or_of_a_day() -> None:
    without = {key: value for key, value in DOCUMENT.items() if key != "window"}

    assert "Mon 25" in run("week", "-", stdin=without)[1]
    assert "Mon 6" in run("week", "--day", "2026-07-08", "-", stdin=without | {"hours": None})[1]


def test_week_writes_svg(tmp_path: Path) -> None:
    target = tmp_path / "week.svg"

    assert run("week", "--svg", str(target), "-", stdin=DOCUMENT) == (0, "", "")
    assert ET.parse(target).getroot().tag.endswith("svg")
    assert run("week", "--svg", "-", "-", stdin=DOCUMENT)[1] == target.read_text()


def test_month_draws_a_page_of_the_windows_month_or_of_a_day() -> None:
    status, out, err = run("month", "-", stdin=DOCUMENT)

    assert (status, err) == (0, "")
    assert out.startswith("June 2026  ·  America/New_York\nMon ")
    assert all(word in out for word in ("12:00 Lunch", "09:00 Superv", "09:00 Busy", "10:00 Free", "(1) ─", "30 ─"))
    assert run("month", "--day", "2026-11-30", "-", stdin=DOCUMENT)[1].startswith("November 2026")
    assert "1 25h" in run("month", "--day", "2026-11-30", "-", stdin=DOCUMENT)[1]


@pytest.mark.parametrize("command", ["week", "month"])
@pytest.mark.parametrize("day", ["1971-01-01", "2197-12-31"])
def test_the_first_and_the_last_day_can_be_drawn(command: str, day: str) -> None:
    assert run(command, "--day", day, "-", stdin=DOCUMENT)[::2] == (0, "")


def test_month_writes_svg(tmp_path: Path) -> None:
    target = tmp_path / "month.svg"

    assert run("month", "--svg", str(target), "-", stdin=DOCUMENT) == (0, "", "")
    assert "June 2026" in target.read_text()
    assert run("month", "--svg", "-", "-", stdin=DOCUMENT)[1] == target.read_text()


@pytest.mark.parametrize(("columns", "width"), [("20", 49), ("55", 55), ("80", 80), ("300", 160)])
@pytest.mark.parametrize("rich", [True, False])
def test_a_picture_is_as_wide_as_the_terminal_from_49_to_160(
    columns: str, width: int, rich: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if rich:
        pytest.importorskip("rich")
    else:
        monkeypatch.setattr("oasys_sched.cli.terminal.find_spec", lambda name: None)
    monkeypatch.setenv("COLUMNS", columns)

    for command in ("week", "month"):
        out = re.sub(r"\x1b\[[0-9;]*m", "", run(command, "-", stdin=DOCUMENT, out=Terminal())[1])
        assert max(map(len, out.splitlines())) <= width
        assert "21" in out
    # The line that parts the weeks goes from side to side.
    assert max(map(len, out.splitlines())) > width - 8


def test_what_is_less_important_is_dim_where_there_is_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("rich")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)

    assert "\x1b[2m(1) ──" in run("month", "-", stdin=DOCUMENT, out=Terminal())[1]


def test_expand_as_text_is_one_line_an_occurrence() -> None:
    asked = {"start": "2026-03-05T15:00:00", "zone": "America/New_York", "rule": "FREQ=WEEKLY;COUNT=2"}

    assert run("expand", "-", stdin=asked)[1] == (
        "2026-03-05T15:00:00  2026-03-05T20:00:00Z\n2026-03-12T15:00:00  2026-03-12T19:00:00Z\n"
    )
    assert run("expand", "-", stdin=asked | {"zone": None, "limit": 1})[1] == "2026-03-05T15:00:00\n"


def test_schema_prints_one_or_all() -> None:
    assert answered("schema", "slots", stdin=None) == sched.json_schema("slots")
    assert set(answered("schema", stdin=None)) == set(sched.SCHEMAS)


def test_answers_have_the_form_their_schemas_give() -> None:
    """Required names and no others, down the whole answer: enough of JSON Schema for these three."""
    asked = DOCUMENT | {"start": "2026-06-17T09:10:00-04:00"}
    rule = {"start": "2026-03-05T15:00:00", "rule": "FREQ=DAILY", "limit": 1}
    check = json.loads(run("check", "--json", "-", stdin=asked)[1])
    pairs = [
        ("slots-answer", answered("slots", "--json", "-", stdin=DOCUMENT), "slots", "SlotAnswer"),
        ("check-answer", check, "reasons", "Reason"),
        ("expand-answer", answered("expand", "--json", "-", stdin=rule), "occurrences", "OccurrenceAnswer"),
    ]
    for name, answer, rows, part in pairs:
        schema = sched.json_schema(name)
        assert set(answer) == set(schema["required"]) == set(schema["properties"])
        for row in answer[rows]:
            assert set(row) == set(schema["$defs"][part]["required"])


@pytest.mark.parametrize(
    ("arguments", "stdin", "said"),
    [
        (("slots", "-"), b"{", "file: not JSON: "),
        (("slots", "-"), b"\xff\xfe", "file: not UTF-8 at byte 0"),
        (("slots", "-"), b"[" * 100_000, "file: not JSON that can be used"),
        (("slots", "-"), b"9" * 10_000, "file: not JSON that can be used"),
        (("slots", "-"), b"NaN", "file: not JSON: NaN is no number"),
        (("slots", "-"), b"", "file: not JSON: "),
        (("slots", "-"), b" " * (64 * 1024 * 1024 + 1), "file: larger than 64 MiB"),
        (("slots", "/no/such/file"), b"", "/no/such/file: cannot read it: No such file or directory"),
        (("slots", "/"), b"", "/: cannot read it: Is a directory"),
        (("slots", "a\x00b"), b"", "a\\x00b: cannot read it: not a file name"),
        (("slots", "-"), [], "give an object with zone, hours"),
        (("slots", "-"), DOCUMENT | {"window": None}, 'window: is needed: {"start": ..., "end": ...}'),
        (("slots", "-"), DOCUMENT | {"window": CENTURY}, "window: ask for at most 400 days"),
        (("slots", "-"), DOCUMENT | {"overrides": {"0001-01-01": ""}}, "overrides.0001-01-01: give a date between"),
        (("slots", "-"), DOCUMENT | {"overrides": {"2026-06-15": "x"}}, "overrides.2026-06-15: give ranges such as"),
        (("slots", "-"), DOCUMENT | {"now": "2026-06-01T00:00:00"}, "now: add the offset"),
        (("slots", "-"), DOCUMENT | {"service": {"duration": "PT0M"}}, "service.duration: give a duration"),
        (("slots", "-"), DOCUMENT | {"policy": {"slot_step": "PT0M"}}, "policy.slot_step: give a step"),
        (("slots", "--in-zone", "X", "-"), DOCUMENT, "--in-zone: unknown time zone"),
        (("check", "-"), DOCUMENT, "start: is needed, here or as --at"),
        (("check", "--at", "noon", "-"), DOCUMENT, "--at: give ISO 8601"),
        (("week", "--day", "today", "-"), DOCUMENT, "--day: give a date"),
        (("week", "--day", "0001-01-01", "-"), DOCUMENT, "--day: give a day between"),
        (("week", "--day", "9999-12-31", "-"), DOCUMENT, "--day: give a day between"),
        (("month", "--day", "9999-12-31", "-"), DOCUMENT, "--day: give a day between"),
        (("month", "--svg", "a\x00b", "-"), DOCUMENT, "--svg: cannot write it: not a file name"),
        (("week", "--svg", "/no/such/dir/x.svg", "-"), DOCUMENT, "--svg: cannot write it: No such file"),
        (("week", "--svg", "a\x00b", "-"), DOCUMENT, "--svg: cannot write it: not a file name"),
        (("expand", "-"), {"start": "2026-01-01T00:00:00", "rule": "FREQ=SECONDLY"}, "rule.FREQ: "),
        (("expand", "-"), {"start": "2026-01-01T00:00:00", "rule": 3}, "rule: "),
        (("expand", "-"), DAILY | {"exclude": "x"}, "exclude: give a list"),
        (("expand", "-"), DAILY | {"limit": 10**9}, "limit: "),
        (("expand", "-"), DAILY | {"zone": "X"}, "zone: unknown"),
        (("schema", "x"), None, "name: give one of"),
        (("slots",), None, "the following arguments are required: FILE"),
        (("slot", "-"), None, "argument COMMAND: invalid choice: 'slot'"),
        (("slots", "--jso", "-"), None, "unrecognized arguments: --jso"),
        ((), None, "the following arguments are required: COMMAND"),
    ],
)  # fmt: skip
def test_bad_input_is_one_line_on_stderr_and_status_2(arguments: tuple[str, ...], stdin: object, said: str) -> None:
    status, out, err = run(*arguments, stdin=stdin)

    assert (status, out) == (2, "")
    assert err.startswith(f"oasys-sched: {said}")
    assert err.count("\n") == 1
    assert "Traceback" not in err


def test_a_million_busy_times_are_refused() -> None:
    busy = [{"start": "2026-06-15T09:00:00Z", "end": "2026-06-15T10:00:00Z"}] * 300_000

    assert run("slots", "-", stdin=DOCUMENT | {"busy": busy})[2].startswith("oasys-sched: busy: give at most 250000")


def test_help_and_version_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    assert main(["--version"]) == 0
    assert main(["slots", "--help"]) == 0
    assert f"oasys-sched {sched.__version__}" in capsys.readouterr().out


def test_an_interrupt_ends_quietly(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("oasys_sched.cli.schemas.run", interrupted)

    assert run("schema", stdin=None) == (130, "", "")


def test_a_diary_of_every_kind_of_busy_time_is_a_calendar() -> None:
    """Slots that touch are one stretch; a diary without hours is a calendar in UTC."""
    start = datetime(2026, 6, 15, 9, tzinfo=UTC)
    spans = [sched.Span(start + timedelta(hours=n), start + timedelta(hours=n + 1)) for n in range(8)]
    busy = tuple(sched.Busy(span=spans[n], kind=kind) for n, kind in enumerate(sched.BusyKind))
    slots = [sched.Slot(span.start, span.end) for span in (spans[4], spans[5], spans[7])]
    shown = sched.diary_calendar(
        sched.Diary(hours=None, busy=busy, blocks=(spans[6],)), sched.Span(start, spans[7].end), slots=slots
    )

    assert shown.zone == "UTC"
    assert shown.open == ()
    assert sorted(entry.kind for entry in shown.others) == [
        "appointment", "block", "block", "busy", "hold", "slot", "slot"]  # fmt: skip
    assert [entry.span for entry in shown.others if entry.kind == "slot"] == [
        sched.Span(spans[4].start, spans[5].end),
        spans[7],
    ]
    assert shown.week(date(2026, 6, 15)).day(date(2026, 6, 15)).placed


def test_the_demo_tells_the_whole_story() -> None:
    status, out, err = run("demo")
    assert (status, err) == (0, "")
    for said in (
        "41 bookable starts this week",
        "Björn tries the same time: slot_unavailable",
        "Ana accepts: upcoming on Fri 06 Mar 11:00",
        "on time until Thu 05 Mar 11:00; now it is late and may cost 50.00 USD",
        "he is waiting",
        "an older browser tab saves too: stale_revision",
        "the note is locked",
        "one more edit: note_locked",
        "what does not fit in it: nothing",
        "the transcript: transcript_deleted",
        "its erasure is proven by key destruction, secure delete, search; looked for again: gone",
        "Björn Ødegård  Thu 05 Mar 14:00  session         140.00 USD",
        "Ana Ruiz       Fri 06 Mar 11:00  late_cancel_fee  50.00 USD",
    ):
        assert said in out
    for clinical in ("slept", "breathing", "One more thing"):
        assert clinical.casefold() not in out.casefold()
    assert run("demo")[1] == out


def test_the_demo_runs_without_cryptography_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography", None)
    monkeypatch.delitem(sys.modules, "oasys_sched.adapters.transcripts", raising=False)
    monkeypatch.setitem(sys.modules, "cryptography.exceptions", None)

    status, out, err = run("demo")

    assert (status, err) == (0, "")
    assert "its erasure is proven by removal; looked for again: gone" in out


def test_the_package_runs_as_a_program(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["oasys-sched", "schema", "--list"])
    with pytest.raises(SystemExit):
        runpy.run_module("oasys_sched", run_name="__main__")
    said = capsys.readouterr()
    assert said.out + said.err

    assert runpy.run_module("oasys_sched.__main__")["main"] is main
