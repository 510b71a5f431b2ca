"""Text and addresses made safe for headers and calendar properties, whoever typed them."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from oasys_sched.errors import InvalidValue

__all__ = ["one_line", "require_address", "require_link"]

# Line, paragraph and page breaks that some reader somewhere takes for the end of a header, and invisible controls.
_BREAKING: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn"})
_KEPT: Final = frozenset({"\u200c", "\u200d"})  # joiners: several scripts cannot be written without them

_ADDRESS: Final = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*+"
    r"@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*+",
    re.ASCII,
)
_LINK: Final = re.compile(r"https://[A-Za-z0-9\-._~:/?#\[\]@!$&()*+,;=%]{1,1900}", re.ASCII)


def one_line(text: str, most: int = 200) -> str:
    r"""Return text on one line, without control characters, at most `most` characters long.

    >>> one_line("Dr. Ada\r\nBcc: all@example.org")
    'Dr. Ada Bcc: all@example.org'
    """
    plain = "".join(
        " " if unicodedata.category(letter) in _BREAKING and letter not in _KEPT else letter
        for letter in text[: most * 4]
    )
    return " ".join(plain.split())[:most].strip()


def require_address(text: str, field: str) -> str:
    """Return a mail address as it may stand in a header: ASCII, one `@`, no quoting, at most 254 characters.

    A domain in another script is given in its ASCII form.

    Raises:
        InvalidValue: naming `field`; the address is not quoted.
    """
    name, at, domain = text.strip().rpartition("@") if isinstance(text, str) else ("", "", "")
    if at and not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:
            domain = ""
    address = f"{name}@{domain}"
    if len(address) > 254 or len(name) > 64 or _ADDRESS.fullmatch(address) is None:
        raise InvalidValue("give a mail address such as 'name@example.org'", field=field)
    return address


def require_link(text: str, field: str) -> str:
    """Return an https address as it may stand in a calendar entry.

    Raises:
        InvalidValue: naming `field`.
    """
    if not isinstance(text, str) or _LINK.fullmatch(text) is None:
        raise InvalidValue("give an https address", field=field)
    return text
