"""The newsletter as mail: written once, then addressed to each subscriber."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from typing import Final

from markupsafe import Markup

from core.letters import Letter
from core.newsletters import Content, Newsletter, NewsletterId
from core.subscriptions import Subscription
from core.text import one_line, typographic
from core.weeks import french_day, paris_date
from curation.newsletter_rendering import Cover, Images, render_html, render_text
from mail.message import encoded_size, inline_css, inline_fragment
from people.newsletters import key_of
from web.letters import RULES, Stationery

MOST: Final = 98_000  # bytes of both parts as they travel; beyond 102,400 Gmail hides the end
PURPOSE: Final = "newsletter"


@dataclass(frozen=True, slots=True)
class Printed:
    """A newsletter written, to be addressed. ``left_out``: entries that had no room in it."""

    subject: str
    text: str
    html: str  # a whole page, its rules on its elements
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Press:
    """Writes newsletters on the stationery of the house."""

    stationery: Stationery
    # Where each subscriber's own key will stand: nothing that a letter says can contain it.
    gap: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)

    def print_for_subscribers(self, newsletter: Newsletter, images: Images) -> Printed:
        """The letter that subscribers get; what has no room is on its public page."""
        cover = self.cover_of(newsletter)
        page = f"{self.stationery.site}/abonnement/{self.gap}"
        return self._fitted(newsletter.content, cover, images, page)

    def print_trial(self, content: Content, cover: Cover, images: Images) -> Printed:
        """The letter as it would be, without anybody's links: to look at, or to try."""
        return self._fitted(content, cover, images, "")

    def fragment(self, content: Content, cover: Cover, images: Images) -> str:
        """The body alone, its rules on its elements: to be pasted into another mail program."""
        body = inline_fragment(render_html(content, cover, images), RULES)
        return f'<div lang="fr" style="max-width: 600px">\n{body}\n</div>\n'

    def address(self, printed: Printed, id: NewsletterId, subscription: Subscription) -> Letter:
        """The letter for one subscriber."""
        token = self.stationery.tokens.of_subscription(subscription)
        return Letter(
            key=key_of(id, subscription),
            recipient=subscription.address,
            subject=printed.subject,
            text=printed.text,
            html=printed.html,
            gap=self.gap,
            filling=token,
            purpose=PURPOSE,
            list_id=self.stationery.list_id(subscription),
            unsubscribe_url=f"{self.stationery.site}/abonnement/{token}/quitter",
        )

    def address_trial(self, printed: Printed, recipient: str, key: str) -> Letter:
        """The letter for an editor who wants to see it in their own mail."""
        return Letter(
            key=key,
            recipient=recipient,
            subject=f"[Essai] {printed.subject}",
            text=printed.text,
            html=printed.html,
            purpose=PURPOSE,
            urgent=True,
        )

    def cover_of(self, newsletter: Newsletter) -> Cover:
        """What stands around a letter: its day, and where it is read on the site."""
        at = newsletter.sent or newsletter.scheduled
        day = french_day(paris_date(at)) if at else ""
        site, slug = self.stationery.site, newsletter.slug
        return Cover(day, f"{site}/lettres/{slug}" if site and slug else "")

    # -- inside ---------------------------------------------------------------------------------

    def _fitted(self, content: Content, cover: Cover, images: Images, page: str) -> Printed:
        """All of it, or else as many entries as make a letter that mail programs show whole."""
        total = len(list(content.entries))
        printed = self._print(content, cover, images, page)
        if _size(printed) <= MOST:
            return printed
        fits, not_all = 0, total
        while not_all - fits > 1:
            shown = (fits + not_all) // 2
            tried = self._print(content, replace(cover, shown=shown), images, page)
            fits, not_all = (shown, not_all) if _size(tried) <= MOST else (fits, shown)
        shorter = self._print(content, replace(cover, shown=fits), images, page)
        return replace(shorter, left_out=total - fits)

    def _print(self, content: Content, cover: Cover, images: Images, page: str) -> Printed:
        subject = typographic(one_line(content.subject))
        ways = {"page": page, "leave": f"{page}/quitter", "subject": subject}
        text = render_text(content, cover, images)
        body = Markup(render_html(content, cover, images))  # noqa: S704  escaped there
        return Printed(
            subject,
            self.stationery.text("newsletter.txt", body=text, **ways),
            inline_css(self.stationery.html("newsletter.html", body=body, **ways)),
        )


def _size(printed: Printed) -> int:
    return encoded_size(printed.text, printed.html)
