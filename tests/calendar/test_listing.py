"""The chronological list: sort, filters, search, pages (S24, S25)."""

import dataclasses
from datetime import UTC, date, datetime, timedelta
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oasys_sched as sched
from oasys_sched.booking.appointment import Appointment, AppointmentStatus
from oasys_sched.calendar.folding import fold
from tests.calendar.made import NEW_YORK, at, booked, calendar, span

NAMES = {"c1": "Zoë Ångström", "c2": "Ana Ruiz", "c3": "ana ruiz", "c4": "Łukasz O'Brien"}
SERVICES = {"therapy-50": "Individual therapy", "intake": "First visit"}
START = at(NEW_YORK, 2026, 6, 17, 9)


def several() -> sched.Calendar:
    return calendar(
        booked("a3", START + timedelta(days=2), client="c1", service="intake", mode=sched.Mode.PHONE, series="s1"),
        booked("a1", START, client="c2", status=AppointmentStatus.COMPLETED),
        booked("a2", START, client="c4", mode=sched.Mode.IN_PERSON, duration=timedelta(minutes=80)),
        booked("a4", START + timedelta(days=1), client="c3", status=AppointmentStatus.PENDING),
        booked("a0", START + timedelta(days=3), client="c2", status=AppointmentStatus.NO_SHOW),
        others=(sched.Entry.block("b1", span(START + timedelta(hours=3), 60), title="Crème brûlée course"),),
        client_names=NAMES,
        service_names=SERVICES,
    )


def ids(listing: sched.Listing) -> list[str]:
    return [entry.id for entry in listing.entries]


def test_s24_the_list_is_in_order_of_start_and_ties_are_in_order_of_id() -> None:
    assert ids(several().listing()) == ["a1", "a2", "b1", "a4", "a3", "a0"]


@pytest.mark.parametrize(
    ("sort", "up", "down"),
    [
        ("start", ["a1", "a2", "b1", "a4", "a3", "a0"], ["a0", "a3", "a4", "b1", "a1", "a2"]),
        ("end", ["a1", "a2", "b1", "a4", "a3", "a0"], ["a0", "a3", "a4", "b1", "a2", "a1"]),
        ("client", ["b1", "a1", "a0", "a4", "a2", "a3"], ["a3", "a2", "a4", "a1", "a0", "b1"]),
        ("service", ["b1", "a3", "a1", "a2", "a4", "a0"], ["a1", "a2", "a4", "a0", "a3", "b1"]),
        ("mode", ["b1", "a2", "a3", "a1", "a4", "a0"], ["a1", "a4", "a0", "a3", "a2", "b1"]),
        ("status", ["a2", "a4", "a3", "a1", "a0", "b1"], ["b1", "a0", "a1", "a2", "a4", "a3"]),
    ],
)
def test_s25_each_column_sorts_both_ways_and_ties_stay_in_order(sort: str, up: list[str], down: list[str]) -> None:
    assert ids(several().listing(sort=sort)) == up
    assert ids(several().listing(sort=sort, descending=True)) == down


@pytest.mark.parametrize("sort", ["", "price", "Start", "id", "-start", None, ["start"]])
def test_s25_another_column_is_unknown(sort: object) -> None:
    with pytest.raises(sched.InvalidValue) as caught:
        several().listing(sort=sort)  # type: ignore[arg-type]

    assert (caught.value.code, caught.value.field) == (sched.Code.UNKNOWN_COLUMN, "sort")


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (sched.Filters(), ["a1", "a2", "b1", "a4", "a3", "a0"]),
        (sched.Filters(status=(sched.ShownStatus.UPCOMING,)), ["a2", "a4", "a3"]),
        (sched.Filters(status=(sched.ShownStatus.COMPLETED, sched.ShownStatus.NO_SHOW)), ["a1", "a0"]),
        (sched.Filters(client=("c2",)), ["a1", "a0"]),
        (sched.Filters(client=("c2", "c3")), ["a1", "a4", "a0"]),
        (sched.Filters(service=("intake",)), ["a3"]),
        (sched.Filters(mode=(sched.Mode.PHONE, sched.Mode.IN_PERSON)), ["a2", "a3"]),
        (sched.Filters(series=("s1",)), ["a3"]),
        (sched.Filters(first_day=date(2026, 6, 18)), ["a4", "a3", "a0"]),
        (sched.Filters(last_day=date(2026, 6, 18)), ["a1", "a2", "b1", "a4"]),
        (sched.Filters(first_day=date(2026, 6, 18), last_day=date(2026, 6, 18)), ["a4"]),
        (sched.Filters(client=("c2",), status=(sched.ShownStatus.NO_SHOW,)), ["a0"]),
        (sched.Filters(client=("nobody",)), []),
    ],
)
def test_s25_filters_are_and_across_fields_and_or_within(filters: sched.Filters, expected: list[str]) -> None:
    found = several().listing(filters=filters)

    assert ids(found) == expected
    assert found.total == len(expected)


def test_s25_a_filters_day_is_a_local_day() -> None:
    before, after = booked("a1", at(NEW_YORK, 2026, 6, 17, 23)), booked("a2", at(NEW_YORK, 2026, 6, 18, 0))

    assert ids(calendar(before, after).listing(filters=sched.Filters(last_day=date(2026, 6, 17)))) == ["a1"]


@pytest.mark.parametrize(
    ("given_", "field"),
    [
        ({"status": ("pending",)}, "status"),
        ({"status": "upcoming"}, "status"),
        ({"mode": ("carrier pigeon",)}, "mode"),
        ({"mode": None}, "mode"),
        ({"client": None}, "client"),
        ({"client": (5,)}, "client"),
        ({"service": (["intake"],)}, "service"),
        ({"series": (None,)}, "series"),
        ({"first_day": "2026-06-17"}, "first_day"),
        ({"last_day": datetime(2026, 6, 17, tzinfo=UTC)}, "last_day"),
        ({"first_day": date(1, 1, 1)}, "first_day"),
        ({"last_day": date(9999, 12, 31)}, "last_day"),
        ({"first_day": date(2026, 6, 17), "last_day": date(2026, 6, 16)}, "last_day"),
    ],
)
def test_s25_a_filter_that_cannot_be_right_is_refused(given_: dict[str, object], field: str) -> None:
    with pytest.raises(sched.InvalidValue) as caught:
        sched.Filters(**given_)  # type: ignore[arg-type]

    assert caught.value.field == field


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("", ["a1", "a2", "b1", "a4", "a3", "a0"]),
        ("  ", ["a1", "a2", "b1", "a4", "a3", "a0"]),
        (" -- ana", ["a1", "a4", "a0"]),
        ("ANGSTROM", ["a3"]),
        ("zoe", ["a3"]),
        ("Zoë", ["a3"]),
        ("ana", ["a1", "a4", "a0"]),
        ("lukasz", ["a2"]),
        ("o'brien", ["a2"]),
        ("o brien lukasz", ["a2"]),
        ("in-person", ["a2"]),
        ("first visit", ["a3"]),
        ("ana therapy", ["a1", "a4", "a0"]),
        ("ana phone", []),
        ("creme BRULEE", ["b1"]),
        ("nobody", []),
    ],
)
def test_s25_search_ignores_case_and_accents(search: str, expected: list[str]) -> None:
    assert ids(several().listing(search=search)) == expected


@pytest.mark.parametrize(("search", "expected"), [("%", ["b1"]), (" 🎈", ["b1"]), ("_", []), (".*", []), ("??", [])])
def test_s25_a_search_of_signs_alone_is_for_those_signs(search: str, expected: list[str]) -> None:
    sale = sched.Entry.block("b1", span(START, 60), title="50% 🎈")

    assert ids(calendar(booked(), others=(sale,)).listing(search=search)) == expected


def test_s25_search_finds_an_entry_by_its_own_names() -> None:
    hold = sched.Entry.hold("h1", span(START, 60), client="c9", client_name="Hana")

    assert ids(calendar(others=(hold,)).listing(search="hana")) == ["h1"]


def test_s25_search_and_filters_and_sort_and_pages_work_together() -> None:
    found = several().listing(
        search="ana",
        filters=sched.Filters(first_day=date(2026, 6, 17)),
        sort="start",
        descending=True,
        page=2,
        page_size=1,
    )

    assert ids(found) == ["a4"]
    assert (found.total, found.pages, found.page, found.page_size) == (3, 3, 2, 1)


@pytest.mark.parametrize("search", [None, 7, "x" * 201])
def test_s25_a_search_is_a_short_text(search: object) -> None:
    with pytest.raises(sched.InvalidValue, match="search: give text of at most 200"):
        several().listing(search=search)  # type: ignore[arg-type]


@pytest.mark.parametrize("field", ["page", "page_size"])
@pytest.mark.parametrize("number", [0, -1, 10**10, 1.5, "1", True])
def test_a_page_is_a_whole_number(field: str, number: object) -> None:
    with pytest.raises(sched.InvalidValue) as caught:
        several().listing(**{field: number})  # type: ignore[arg-type]

    assert (caught.value.field, caught.value.code) == (field, sched.Code.OUT_OF_RANGE)


def test_a_page_after_the_last_is_empty_and_an_empty_list_has_one_page() -> None:
    assert several().listing(page=9).entries == ()
    assert several().listing(page=9).total == 6
    assert calendar().listing().pages == 1


def test_a_row_carries_what_the_table_shows() -> None:
    (row,) = several().listing(search="zoe").entries

    assert (row.client_name, row.service_name, row.mode) == ("Zoë Ångström", "First visit", sched.Mode.PHONE)
    assert (row.status, row.client_color) == ("upcoming", sched.client_color("c1"))


@given(st.text())
def test_folding_is_idempotent_and_blind_to_case_and_accents(text: str) -> None:
    once = fold(text)

    assert fold(once) == once
    assert fold(normalize("NFD", text)) == fold(normalize("NFC", text))


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x17F)))
def test_folding_european_names_is_blind_to_case(text: str) -> None:
    assert fold(text.lower()) == fold(text)


ROWS = st.lists(
    st.builds(
        lambda hour, client, service, mode, status: (hour, client, service, mode, status),
        st.integers(0, 90 * 24),
        st.sampled_from(sorted(NAMES)),
        st.sampled_from(sorted(SERVICES)),
        st.sampled_from(sched.Mode),
        st.sampled_from(AppointmentStatus),
    ),
    max_size=40,
)
KEYS = {
    "start": lambda a: a.starts_at,
    "end": lambda a: a.ends_at,
    "client": lambda a: (fold(NAMES[a.client]), a.client),
    "service": lambda a: (fold(SERVICES[a.service]), a.service),
    "mode": lambda a: a.mode,
    "status": lambda a: list(sched.ShownStatus).index("upcoming" if a.status == "pending" else a.status),
}


@given(
    rows=ROWS,
    sort=st.sampled_from(sorted(KEYS)),
    descending=st.booleans(),
    search=st.sampled_from(["", "ana", "z", "therapy tele", "i"]),
    statuses=st.sets(st.sampled_from(sched.ShownStatus)),
    page_size=st.integers(1, 12),
)
def test_s25_the_pages_together_are_what_a_plain_filter_and_sort_give(
    rows: list[tuple[int, str, str, sched.Mode, AppointmentStatus]],
    sort: str,
    descending: bool,
    search: str,
    statuses: set[sched.ShownStatus],
    page_size: int,
) -> None:
    made = [
        booked(f"a{n:02}", START + timedelta(hours=hour), client=client, service=service, mode=mode, status=status)
        for n, (hour, client, service, mode, status) in enumerate(rows)
    ]

    def kept(row: Appointment) -> bool:
        text = " ".join(fold(part) for part in (NAMES[row.client], SERVICES[row.service], row.mode))
        shown = "upcoming" if row.status == "pending" else row.status
        return (not statuses or shown in statuses) and all(word in text for word in search.split())

    expected = sorted((row for row in made if kept(row)), key=lambda row: (row.starts_at, row.id))
    expected.sort(key=KEYS[sort], reverse=descending)
    shown = calendar(*made, client_names=NAMES, service_names=SERVICES)
    filters = sched.Filters(status=tuple(statuses))
    pages = [
        shown.listing(sort=sort, descending=descending, search=search, filters=filters, page=n, page_size=page_size)
        for n in range(1, len(expected) // page_size + 2)
    ]

    assert [shown_id for page in pages for shown_id in ids(page)] == [row.id for row in expected]
    assert {page.total for page in pages} == {len(expected)}


def test_a_listing_as_html_is_escaped_and_says_where_it_is() -> None:
    shown = calendar(
        booked(),
        others=(sched.Entry.busy(span(START, 60)),),
        client_names={"c1": "<script>alert(1)</script>"},
        service_names=SERVICES,
    ).listing()
    html = shown._repr_html_()

    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "page 1 of 1, 2 in all" in html
    assert "Individual therapy" in html
    assert "○ upcoming" in html
    assert html.count("<tr>") == 3


def test_a_listing_as_html_says_what_awaits_somebody() -> None:
    shown = calendar(
        booked("a1", status=AppointmentStatus.PENDING),
        booked("a2", START - timedelta(days=1)),
        booked("a3", status=AppointmentStatus.CANCELLED, late_notice=True),
        now=START,
    ).listing()
    html = shown._repr_html_()

    assert "upcoming</span> awaiting approval</td>" in html
    assert "upcoming</span> needs an outcome</td>" in html
    assert "cancelled</span> late</td>" in html


def test_s109_a_client_sees_the_own_appointments_and_nothing_of_the_rest() -> None:
    """Two calendars that share nothing but this client's appointments give equal views."""
    own = (booked("a1", START, client="c1"), booked("a2", START + timedelta(days=2), client="c1"))
    full = calendar(
        *own,
        booked("a3", START + timedelta(hours=1), client="c2"),
        booked("a4", START, client="c3", overlap_allowed=True),
        others=(
            sched.Entry.block("b", span(START, 90), title="Dentist"),
            sched.Entry.hold("h", span(START, 90), client="c1", client_name="Zoë"),
            sched.Entry.busy(span(START, 30)),
            sched.Entry.slot(span(START + timedelta(days=1), 50)),
        ),
        open=(span(START, 480),),
        now=START + timedelta(days=9),
        client_names=NAMES,
        service_names=SERVICES,
    )
    bare = calendar(*own, client_names={"c1": NAMES["c1"]}, service_names=SERVICES)

    seen = full.for_client("c1")

    assert seen == bare.for_client("c1")
    assert seen.week(date(2026, 6, 17)) == bare.week(date(2026, 6, 17))
    assert repr(seen.month(date(2026, 6, 17))) == repr(bare.month(date(2026, 6, 17)))
    assert seen.week(date(2026, 6, 17))._repr_html_() == bare.week(date(2026, 6, 17))._repr_html_()
    assert ids(seen.listing()) == ["a1", "a2"]
    assert not any(entry.needs_outcome for entry in seen.listing().entries)


def test_s109_a_client_sees_the_own_sessions_without_the_clinicians_words() -> None:
    def session(id: str, client: str) -> sched.Entry:
        made = sched.Entry.session(id, span(START, 50), client=client)
        return dataclasses.replace(made, title="intense", needs_outcome=True)

    seen = calendar(others=(session("s1", "c1"), session("s2", "c2"))).for_client("c1")

    assert seen.others == (dataclasses.replace(session("s1", "c1"), title="", needs_outcome=False),)


def test_s109_a_guardian_sees_each_child_in_the_own_zone() -> None:
    full = calendar(booked("a1", client="c1"), booked("a2", client="c2"), booked("a3", client="c3"))
    seen = full.for_client("c1", "c3", zone="Europe/Paris")

    assert ids(seen.listing()) == ["a1", "a3"]
    assert seen.week(date(2026, 6, 17)).zone == "Europe/Paris"


@pytest.mark.parametrize(("text", "search", "there"), [
    ("मीरा", "राम", False), ("मोर", "राम", False), ("राम लाल", "राम", True), ("सुर", "सर", False),
    ("Mül\u00adler", "müller", True), ("Ana\u200bMaria", "AnaMaria", True), ("Ana\u200dMaria", "anamaria", True),
    ("\u2764\ufe0f yoga", "\u2764", True), ("\u2764 yoga", "\u2764\ufe0f", True), ("yoga", "\u2764", False),
    ("مُحَمَّد", "محمد", True), ("ไทย", "ไท", True), ("ที่", "ที", True),
])  # fmt: skip
def test_s25_words_are_found_as_people_write_them_and_no_others(text: str, search: str, there: bool) -> None:
    found = calendar(others=(sched.Entry.block("b1", span(START, 60), title=text),)).listing(search=search)

    assert bool(found.total) is there


def test_s25_a_client_is_called_the_same_wherever_the_name_stands() -> None:
    hour = timedelta(hours=1)
    own = (
        sched.Entry.session("s1", span(START, 50), client="z9", client_name="Aaron", service="x", service_name="Zumba"),
        sched.Entry.session("s2", span(START + hour, 50), client="a1", client_name="Zed", service="y"),
        sched.Entry.session("s3", span(START + 2 * hour, 50), client="c2"),
    )
    mixed = calendar(others=own, client_names=NAMES, service_names={"y": "Art"})

    assert ids(mixed.listing(sort="client")) == ["s1", "s3", "s2"]
    assert ids(mixed.listing(sort="service")) == ["s3", "s2", "s1"]
    assert ids(mixed.listing(search="ana ruiz")) == ["s3"]
    assert [entry.label for entry in mixed.listing().entries] == ["Aaron", "Zed", "Ana Ruiz"]
    placed = mixed.week(START.date()).day(START.date()).placed
    assert [item.entry.label for item in placed] == ["Aaron", "Zed", "Ana Ruiz"]
    assert placed[1].entry.service_name == "Art"
