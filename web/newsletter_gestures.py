"""The buttons of a letter's desk, each a change of its content. What was typed is in it already."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from werkzeug.datastructures import MultiDict

from core.errors import NotFound
from core.model import Article, ArticleId
from core.newsletters import Content, Entry, EntryKind, Section
from core.urls import canonical_url, host_of, is_web_address
from curation.newsletter_editing import (
    changed,
    entry_of,
    lowered,
    placed,
    raised,
    removed,
    section_of,
    with_entries,
    with_section,
)
from curation.newsletter_review import articles_of
from curation.newsletter_starting import entry_of_article, proposed_subject
from curation.quoting import is_quotation, quotations
from store import ReadTransaction, Transaction
from web.newsletter_form import LONGEST_ADDRESS, LONGEST_LINE
from web.newsletter_words import ADDED

PASTED_LINKS: Final = 50


@dataclass(frozen=True, slots=True)
class Button:
    """A button pressed: on what, with which other fields beside it."""

    tx: Transaction
    content: Content
    about: str
    form: MultiDict[str, str]
    length: int  # characters that may be shown of an article

    @property
    def section(self) -> str:
        """Where what is added goes."""
        return self.form.get("dans", "")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: the letter, where to look in the page, and something to tell."""

    content: Content
    anchor: str = ""
    told: str = ""


def new_id() -> str:
    """An id that nothing in the letter has."""
    return secrets.token_hex(5)


def requoted(tx: ReadTransaction, before: Content, content: Content, length: int) -> Content:
    """Texts that were typed, and are word for word in their article, are quotations."""
    for entry in content.entries:
        was = entry_of(before, entry.id)
        if entry.article is None or entry.is_quotation or (was and was.text == entry.text):
            continue
        article = article_of(tx, entry.article)
        if article is not None and is_quotation(entry.text, article, length):
            content = changed(content, entry.id, lambda one: replace(one, is_quotation=True))
    return content


def article_of(tx: ReadTransaction, id: ArticleId) -> Article | None:
    """An article that may have been withdrawn."""
    try:
        return tx.articles.by_id(id)
    except NotFound:
        return None


# -- moving ---------------------------------------------------------------------------------------


def _up(button: Button) -> Outcome:
    return Outcome(raised(button.content, button.about), _anchor(button.content, button.about))


def _down(button: Button) -> Outcome:
    return Outcome(lowered(button.content, button.about), _anchor(button.content, button.about))


def _place(button: Button) -> Outcome:
    into = button.form.get(f"e-{button.about}-vers", "")
    return Outcome(placed(button.content, button.about, into), f"e-{button.about}")


def _remove(button: Button) -> Outcome:
    section = section_of(button.content, button.about)
    anchor = f"s-{section.id}" if section and section.id != button.about else "lettre"
    return Outcome(removed(button.content, button.about), anchor, "C’est retiré.")


# -- writing --------------------------------------------------------------------------------------


def _quote(button: Button) -> Outcome:
    """The next quotation of those that could be made."""
    entry = entry_of(button.content, button.about)
    article = article_of(button.tx, entry.article) if entry and entry.article else None
    found = quotations(article, button.length) if article else ()
    anchor = f"e-{button.about}"
    if entry is None or not found:
        return Outcome(button.content, anchor, "Rien ne peut être cité de cet article.")
    at = found.index(entry.text) + 1 if entry.text in found else 0
    text = found[at % len(found)]
    content = changed(
        button.content, entry.id, lambda one: replace(one, text=text, is_quotation=True)
    )
    return Outcome(content, anchor)


def _subject(button: Button) -> Outcome:
    articles = button.tx.articles.by_ids(articles_of(button.content)[:3])
    found = proposed_subject(articles)
    if not found:
        return Outcome(button.content, "objet", "Ajoutez d’abord un article : l’objet en vient.")
    return Outcome(replace(button.content, subject=found), "objet")


# -- adding ---------------------------------------------------------------------------------------


def _add_article(button: Button) -> Outcome:
    id = button.about
    found = article_of(button.tx, ArticleId(int(id))) if _is_number(id) else None
    if found is None:
        return Outcome(button.content, "ajouter", "Cet article n’est pas, ou plus, dans Glaneuse.")
    if found.id in articles_of(button.content):
        return Outcome(button.content, "ajouter", "Cet article est déjà dans la lettre.")
    held = button.tx.basket.holding(found.id)
    button.tx.basket.take_articles([found.id])
    note = held.entry.note if held else ""
    return _added(button, _quoting(button, found, note))


def _quoting(button: Button, article: Article, note: str) -> Entry:
    sections = button.content.sections
    into = section_of(button.content, button.section) or (sections[-1] if sections else None)
    quoting = into is None or not into.brief
    entry = entry_of_article(article, new_id(), length=button.length, quoting=quoting)
    return replace(entry, note=note)


def _from_basket(button: Button) -> Outcome:
    """One thing put aside, or all."""
    keys = [button.about] if button.about else [one.entry.id for one in button.tx.basket.all()]
    held = {one.article: one.id for one in button.content.entries if one.article is not None}
    content, entries, told = button.content, [], ""
    for kept in button.tx.basket.take(keys):
        entry = kept.entry
        article = article_of(button.tx, entry.article) if entry.article else None
        if entry.article in held:
            content = _noted(content, held[entry.article], entry.note)
            told = "Ce qui était déjà dans la lettre a reçu sa note."
        elif article is not None:
            entries.append(_quoting(button, article, entry.note))
        elif entry.article is None:
            entries.append(replace(entry, id=new_id()))
    return replace(_added(replace(button, content=content), *entries), told=told)


def _noted(content: Content, id: str, note: str) -> Content:
    """What a colleague noted of an article goes with it, wherever the article came from."""
    return changed(
        content, id, lambda one: replace(one, note="\n".join(filter(None, (one.note, note))))
    )


def _add_links(button: Button) -> Outcome:
    """Addresses pasted, one a line: an article that Glaneuse has is one, others are links."""
    written = button.form.get("lien", "").split()
    urls = [url for url in written if _may_be_followed(url)]
    if not urls:
        return Outcome(
            button.content, "ajouter", "Collez une adresse de page : elle commence par https://."
        )
    known = button.tx.articles.by_urls([canonical_url(url) for url in urls])
    entries, held = [], set(articles_of(button.content))
    for url in urls[:PASTED_LINKS]:
        article = known.get(canonical_url(url))
        if article is None:
            entries.append(Entry(new_id(), EntryKind.LINK, url=url, source=host_of(url)))
        elif article not in held:
            held.add(article)
            entries.append(_quoting(button, button.tx.articles.by_id(article), ""))
    return replace(_added(button, *entries), told=_left_out(written))


def _may_be_followed(url: str) -> bool:
    return is_web_address(url) and len(url) <= LONGEST_ADDRESS


def _left_out(written: Sequence[str]) -> str:
    if sum(map(_may_be_followed, written)) > PASTED_LINKS:
        return f"Les {PASTED_LINKS} premières adresses sont ajoutées : collez ensuite les autres."
    if not all(map(_may_be_followed, written)):
        return "Ce qui n’était pas une adresse de page n’a pas été ajouté."
    return ""


def _add_kind(button: Button) -> Outcome:
    if button.about not in set(ADDED):
        return Outcome(button.content, "ajouter")
    return _added(button, Entry(new_id(), EntryKind(button.about)))


def _add_section(button: Button) -> Outcome:
    title = button.form.get("rubrique", "").strip()[:LONGEST_LINE] or "Nouvelle rubrique"
    section = Section(new_id(), title)
    return Outcome(with_section(button.content, section), f"s-{section.id}")


def _added(button: Button, *entries: Entry) -> Outcome:
    content = button.content
    if not content.sections:
        content = with_section(content, Section(new_id(), "À la une"))
    content = with_entries(content, entries, section=button.section)
    return Outcome(content, f"e-{entries[0].id}" if entries else "ajouter")


def _anchor(content: Content, id: str) -> str:
    return f"e-{id}" if entry_of(content, id) else f"s-{id}"


def _is_number(written: str) -> bool:
    return written.isascii() and written.isdecimal() and len(written) < 10


GESTURES: Final[dict[str, Callable[[Button], Outcome]]] = {
    "monter": _up,
    "descendre": _down,
    "placer": _place,
    "retirer": _remove,
    "citer": _quote,
    "objet": _subject,
    "article": _add_article,
    "panier": _from_basket,
    "liens": _add_links,
    "ajouter": _add_kind,
    "rubrique": _add_section,
}
