"""A newsletter with one entry of each kind, and others as long as wanted. Ours, fictional."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from core.model import Access, ArticleId
from core.newsletters import (
    Content,
    Entry,
    EntryKind,
    Newsletter,
    NewsletterId,
    NewsletterState,
    Section,
)
from curation.newsletter_rendering import Image

DAY = date(2026, 11, 24)
SENT = datetime(2026, 11, 26, 8, tzinfo=UTC)
IMAGES = {"atelier.jpg": Image("https://glaneuse.example/lettres/images/atelier.jpg", 1200, 800)}
ARTICLE = Entry(
    "a1",
    EntryKind.ARTICLE,
    title="Aller-vers : ce que disent les équipes de rue",
    url="https://carnet-de-rue.example/aller-vers",
    text="L’aller-vers n’est pas un dispositif de plus, c’est une manière d’attendre.",
    is_quotation=True,
    source="Carnet de rue",
    author="Inès Kaddour",
    access=Access.FREE,
    article=ArticleId(1),
    day=DAY,
)
CLOSED = Entry(
    "a2",
    EntryKind.LINK,
    title="Protection de l'enfance : les départements en première ligne <2027>",
    url="https://revue.example/a?b=1&c=2",
    text="Selon la revue, trois départements changent leur manière d’accueillir.\n\n"
    "Le rapport cité est ici : https://rapport.example/l'enfance.pdf.",
    source="Revue & Cie",
    access=Access.SUBSCRIBERS,
    day=DAY,
)
OWN = (
    Entry(
        "n1", EntryKind.NEWS, title="Nos locaux déménagent", text="À partir de janvier.", day=DAY,
    ),
    Entry(
        "e1", EntryKind.EVENT, title="Rencontre : écrire en équipe", day=date(2026, 12, 3),
        hours="14 h à 17 h", place="Lyon", url="https://asso.example/rencontre",
    ),
    Entry(
        "j1", EntryKind.JOB, title="Éducatrice ou éducateur spécialisé, internat", place="Nantes",
        day=date(2026, 12, 15), source="Association Les Tilleuls", text="CDI, temps plein.",
    ),
    Entry("t1", EntryKind.TEXT, title="À nos lectrices et lecteurs", text="Merci de vos retours !"),
    Entry(
        "i1", EntryKind.IMAGE, image="atelier.jpg", alternative="Une table, des mains, du papier",
        credit="Photo : M. Sow", text="L’atelier d’écriture de mardi.",
    ),
)  # fmt: skip
CONTENT = Content(
    subject="Aller-vers, protection de l'enfance : ce que dit le terrain",
    foreword="Bonjour,\n\nCette semaine, deux enquêtes se répondent.\nBonne lecture !",
    signature="Claire, pour la rédaction",
    sections=(
        Section("s1", "À la une", (ARTICLE, CLOSED)),
        Section("s2", "Chez nous", OWN),
        Section(
            "s3", "Et aussi", (replace(ARTICLE, id="b1"), replace(CLOSED, id="b2")), brief=True
        ),
    ),
)


def long(entries: int) -> Content:
    """So many articles, in one section."""
    several = tuple(
        replace(ARTICLE, id=f"a{n}", title=f"{ARTICLE.title}, n° {n}", url=f"{ARTICLE.url}/{n}")
        for n in range(entries)
    )
    return replace(CONTENT, sections=(Section("s1", "À la une", several),))


def sent(content: Content = CONTENT) -> Newsletter:
    """The letter as it goes."""
    return Newsletter(
        NewsletterId(7), content, SENT, SENT, NewsletterState.SENDING, 3, SENT, SENT,
        sent=SENT, slug="aller-vers-protection-de-l-enfance",
    )  # fmt: skip
