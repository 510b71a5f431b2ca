"""The text of a message: subject, plain text and HTML, from jinja2 templates an app can replace (extra `email`).

For a row's template `reminder` and the language `de` the first of these that exists is taken: `de/reminder.txt`,
`reminder.txt`, `de/notice.txt`, `notice.txt`; likewise `.html` and `.subject.txt`. Templates of the app win over ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final, final

from oasys_sched.adapters.mail_words import ENGLISH, Words
from oasys_sched.adapters.mailbox import Contact, Mailbox
from oasys_sched.adapters.safe_text import one_line, require_link
from oasys_sched.codes import Code
from oasys_sched.errors import DeliveryFailed, InvalidValue, MissingExtra
from oasys_sched.ports import OutboxRow
from oasys_sched.times import as_utc, find_zone

try:
    import jinja2
except ImportError:
    raise MissingExtra("jinja2", "email") from None

__all__ = ["MailTemplates", "MailText", "instant_of"]

_OURS: Final = Path(__file__).parent / "mail"
_MOST_TIMES: Final = 20


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class MailText:
    """One message's words."""

    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)


def instant_of(value: object, field: str) -> datetime:
    """Read an instant of an outbox row: a datetime, or the ISO text that storage made of it.

    Raises:
        InvalidValue: naming `field`.
    """
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise InvalidValue("expected an ISO 8601 instant", field=field) from None
    if not isinstance(value, datetime):
        raise InvalidValue("expected an ISO 8601 instant", field=field)
    return as_utc(value, field)


@final
class MailTemplates:
    """Renders outbox rows. `folder` or `texts` hold the app's own templates, `words` its languages.

    A row without a language of its own is written in the contact's; an unknown one in the first of `words`.
    """

    def __init__(
        self,
        *,
        folder: str | Path | None = None,
        texts: Mapping[str, str] | None = None,
        words: Iterable[Words] = (ENGLISH,),
    ) -> None:
        loaders: list[jinja2.BaseLoader] = [jinja2.DictLoader(dict(texts or {}))]
        if folder is not None:
            loaders.append(jinja2.FileSystemLoader(folder))
        loaders.append(jinja2.FileSystemLoader(_OURS))
        self._jinja = jinja2.Environment(
            loader=jinja2.ChoiceLoader(loaders),
            autoescape=jinja2.select_autoescape(enabled_extensions=("html",), default_for_string=True),
            undefined=jinja2.StrictUndefined,
        )
        self._words = {one.language: one for one in words}
        if not self._words:
            raise InvalidValue("give at least one language", field="words")

    def render(self, row: OutboxRow, contact: Contact, sender: Mailbox) -> MailText:
        """Return the words of one message, times in the recipient's zone.

        Raises:
            InvalidValue: a field of the row is not what its name promises.
            DeliveryFailed: a template of the app is broken.
        """
        words = self._words.get(contact.language) or next(iter(self._words.values()))
        facts = _facts(row, contact, words)
        facts["sender"] = sender.name
        facts["subject"], facts["lead"] = words.text(row.template)
        try:
            subject, text, html = (
                self._jinja.select_template(_names(row.template, words.language, ending)).render(facts)
                for ending in ("subject.txt", "txt", "html")
            )
        except jinja2.TemplateError:
            # Once the template is mended the mail can go; its message might quote the row.
            raise DeliveryFailed("the template of this message is broken") from None
        return MailText(subject=one_line(subject), text=text.strip() + "\n", html=html)


def _names(template: str, language: str, ending: str) -> list[str]:
    return [f"{folder}{name}.{ending}" for name in (template, "notice") for folder in (f"{language}/", "")]


def _facts(row: OutboxRow, contact: Contact, words: Words) -> dict[str, object]:
    """Return what a template may say: the safe facts in words, and the row's own `fields` for templates of the app."""
    zone = find_zone(contact.zone)
    fields = row.fields

    def moment(name: str) -> str:
        value = fields.get(name)
        return "" if value is None else words.write(instant_of(value, name), zone)

    times = fields.get("times") or ()
    if not isinstance(times, list | tuple) or len(times) > _MOST_TIMES:
        raise InvalidValue(f"expected up to {_MOST_TIMES} instants", field="times", code=Code.INVALID_VALUE)
    link, links = fields.get("video_link"), fields.get("video_links") or ()
    if not isinstance(links, list | tuple) or not all(isinstance(row, list | tuple) and len(row) == 2 for row in links):
        raise InvalidValue("expected pairs of an instant and a link", field="video_links")
    return {
        "words": words,
        "starts": moment("starts_at"),
        "old_starts": moment("old_starts_at"),
        "times": [words.write(instant_of(time, "times"), zone) for time in times],
        "mode": words.modes.get(str(fields.get("mode", "")), ""),
        "location": one_line(str(fields.get("location") or "")),
        "link": require_link(str(link), "video_link") if link else "",
        "links": [
            (words.write(instant_of(time, "video_links"), zone), require_link(str(url), "video_links"))
            for time, url in links
        ],
        "fields": fields,
    }
