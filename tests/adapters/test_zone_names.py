from zoneinfo import available_timezones

import pytest

from oasys_sched import Code, InvalidValue
from oasys_sched.adapters.zone_names import WINDOWS_ZONES, known_zone, zone_named


def test_every_windows_name_leads_to_a_zone_of_the_database() -> None:
    assert set(WINDOWS_ZONES.values()) <= available_timezones()
    assert all(known_zone(name) is not None for name in WINDOWS_ZONES)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ('"Europe/Berlin"', "Europe/Berlin"),
        ("w. europe standard time", "Europe/Berlin"),
        ("/example.org/20070129_1/America/Argentina/Ushuaia", "America/Argentina/Ushuaia"),
        ("/freeassociation.sourceforge.net/Tzfile/Europe/Berlin", "Europe/Berlin"),
        ("tzone://Microsoft/Utc", "UTC"),
        ("GMT", "UTC"),
    ],
)
def test_a_zone_is_known_by_its_iana_its_windows_and_its_prefixed_name(name: str, key: str) -> None:
    assert zone_named(name, "tz").key == key


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../../etc/passwd", "\x00", "A" * 300, "/" * 200, "é" * 100])
def test_an_unknown_zone_refuses_the_feed(name: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        zone_named(name, "tz")

    assert (caught.value.code, caught.value.field) == (Code.FEED_MALFORMED, "tz")
