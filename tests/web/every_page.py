"""A site that has something of everything, and an address of each page that it gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from core.model import ArticleId, Citation
from core.newsletters import NewsletterId
from core.people import Person, Role
from core.reading_lists import (
    Contents,
    Item,
    ItemId,
    ReadingList,
    Section,
    SectionId,
    Visibility,
)
from core.references import Reference
from core.subscriptions import Consent, Contact, RequestKind, Rhythm, Subject, SubjectKind
from curation.reading_lists import begin_list
from curation.telling import tell
from people.accounts import make_link
from people.subscriptions import Tokens, agree
from store import Transaction
from tests.curation.test_telling import NOW as START
from tests.curation.test_telling import RARITY, STRIKE, keep
from tests.web.newsletter_samples import CONTENT
from tests.web.samples import NOW
from tests.web.team import Team
from web.context import entrance

WHO: Final = "camille@exemple.fr"
LONG: Final = "une.adresse.vraiment.tres.longue@association-departementale.exemple.fr"
WEEK: Final = timedelta(days=7)

# What gives no page: files, feeds, data, images, and ways to another address.
NO_PAGES: Final = frozenset(
    {
        "static", "about.favicon", "about.health", "about.robots", "metrics.show",
        "installation.colour", "search.suggestions", "weeks.latest", "weeks.written",
        "articles.reference", "newsletters.feed", "newsletters.picture", "bibliographies.feed",
        "bibliographies.code", "bibliographies.export", "bibliographies.export_edition",
        "reading_exports.own", "reading_exports.own_edition", "own_account.factor_image",
        "newsletter_sending.download", "vocabulary.table",
    }
)  # fmt: skip
NO_PAGE_ROOMS: Final = ("api.", "feeds.")


@dataclass(frozen=True, slots=True)
class Held:
    """What the site has, by what addresses are made of."""

    article: ArticleId
    story: ArticleId
    reading: ReadingList
    draft: NewsletterId
    sent: str  # its name in addresses
    person: Person
    invitation: str
    reset: str
    asking: str
    following: str


def furnish(team: Team) -> Held:
    """Have the site hold something of everything."""
    library, now = team.library, team.library.clock()
    days = (NOW - START) / timedelta(days=1)
    told = [
        keep(library.store, replace(one, day=days - 4 + n), themes=("protection-enfance",))
        for n, one in enumerate(STRIKE)
    ]
    tell(library.store, RARITY)
    person, invited = team.add(LONG), team.add("invitee@exemple.fr", invited=True)
    tokens = Tokens(str(team.app.secret_key))
    with team.app.app_context():
        links = entrance().links
    with library.store.begin() as tx:
        draft, sent = _letters(tx, team)
        tx.requests.add(
            Contact(RequestKind.WITHDRAWAL, "https://a.example/1", "Camille", WHO, "De moi."), now
        )
        tx.accounts.propose_second_factor(team.person(Role.TRAINER, 2).id, "A" * 32)
        tx.accounts.confirm_second_factor(team.person(Role.TRAINER, 2).id, ["x"])
        tx.revisits.missing(library.ids[2], since=now, gone=None, next_due=None)
        cited = [Citation(f"https://www.loin.example/{n}", "Un titre") for n in "1234"]
        tx.citations.replace(library.ids[2], cited)
        theme, search = (
            Subject(SubjectKind.THEME, "numerique"),
            Subject(SubjectKind.SEARCH, "q=h%C3%A9bergement&theme=logement"),
        )
        followed = agree(tx, WHO, [_ask(tx, theme, team).id], now)[0]
        return Held(
            library.ids[2],
            told[0],
            _reading(tx, team),
            draft,
            sent,
            person,
            make_link(tx, links, invited, now)[1],
            make_link(tx, links, person, now)[1],
            tokens.of_consent(tx, _ask(tx, search, team)),
            tokens.of_subscription(followed),
        )


def addresses(held: Held) -> Mapping[str, tuple[str, ...]]:
    """By endpoint, addresses whose pages are to be looked at: every endpoint that gives a page."""
    lists, letters = f"/bureau/bibliographies/{held.reading.slug}", f"/bureau/lettres/{held.draft}"
    section = held.reading.contents.sections[0]
    article, public = f"/articles/{held.article}", f"/bibliographies/{held.reading.slug}"
    account = f"/administration/comptes/{held.person.id}"
    return {
        "home.show": ("/",),
        "home.shelf": ("/de-cote",),
        "news.show": ("/nouveautes", "/nouveautes?depuis=2026-11-10"),
        "search.show": (
            "/recherche", "/recherche?q=enfance", "/recherche?q=xyzzy", "/recherche?q=enfanse",
            "/recherche?q=enfance&theme=numerique&acces=libre&du=2026-01-01&filtres=tous&tri=date",
        ),
        "themes.index": ("/themes",),
        "themes.show": ("/themes/numerique", "/themes/sante-acces-aux-soins"),
        "reliability.show": ("/themes/fiabilite",),
        "rises.show": ("/tendances",),
        "sources.index": ("/sources",),
        "sources.show": ("/sources/la-gazette-des-solidarites",),
        "articles.show": (article, "/articles/41", f"/articles/{held.story}"),
        "stories.index": ("/sujets",),
        "stories.show": (f"/sujets/{held.story}",),
        "names.index": ("/territoires", "/organisations", "/metiers"),
        "names.show": ("/territoires/orne",),
        "kinds.show": ("/paroles-de-terrain", "/boite-a-outils"),
        "weeks.index": ("/semaines", "/semaines?annee=2025"),
        "weeks.show": ("/semaines/2026-S47", "/semaines/2025-S50"),
        "newsletters.index": ("/lettres",),
        "newsletters.show": (f"/lettres/{held.sent}",),
        "bibliographies.index": ("/bibliographies",),
        "bibliographies.show": (public,),
        "bibliographies.edition": (f"{public}/editions/1",),
        "about.method": ("/a-propos",),
        "legal.notice": ("/mentions-legales",),
        "legal.privacy": ("/donnees-personnelles",),
        "legal.accessibility": ("/accessibilite",),
        "contact.show": ("/contact",),
        "subscriptions.theme": ("/suivre/theme/numerique",),
        "subscriptions.search": ("/suivre/recherche?q=x", "/suivre/recherche"),
        "subscriptions.newsletter": ("/suivre/lettre",),
        "subscriptions.confirmation": (
            f"/abonnement/confirmer/{held.asking}", "/abonnement/confirmer/x",
        ),
        "subscriptions.show": (f"/abonnement/{held.following}",),
        "subscriptions.leaving": (f"/abonnement/{held.following}/quitter",),
        "accounts.sign_in": ("/connexion",),
        "accounts.second_factor": ("/connexion/code",),
        "accounts.forgotten": ("/mot-de-passe-oublie",),
        "accounts.invitation": (f"/invitation/{held.invitation}", "/invitation/x"),
        "accounts.reset": (f"/nouveau-mot-de-passe/{held.reset}",),
        "desks.show": ("/bureau",),
        "own_account.show": ("/compte",),
        "own_account.password": ("/compte/mot-de-passe",),
        "own_account.factor": ("/compte/double-verification",),
        "own_account.remove_factor": ("/compte/double-verification/retirer",),
        "administration.show": ("/administration",),
        "administration.account": (account,),
        "administration.invite": ("/administration/inviter",),
        "administration.history": ("/administration/historique",),
        "watching.show": ("/administration/fonctionnement",),
        "contact.received": ("/administration/demandes",),
        "installation.first": ("/premiers-pas/x",),
        "installation.show": ("/administration/site",),
        "copies.article": (f"{article}/ailleurs",),
        "story_desk.article": (f"/articles/{held.story}/sujet", f"{article}/sujet"),
        "corrections.article": (f"{article}/themes",),
        "corrections.queue": ("/bureau/relecture",),
        "health.index": ("/bureau/sante",),
        "health.show": ("/bureau/sante/la-gazette-des-solidarites",),
        "holdings.add": ("/bureau/articles/ajouter",),
        "holdings.added": (f"/bureau/articles/{held.article}",),
        "holdings.find": ("/bureau/articles/retirer",),
        "holdings.withdraw": (f"/bureau/articles/{held.article}/retirer",),
        "proposals.show": ("/bureau/sources",),
        "subscribers.index": ("/bureau/abonnements",),
        "vocabulary.index": ("/bureau/vocabulaire",),
        "vocabulary.theme": ("/bureau/vocabulaire/numerique",),
        "vocabulary.split": ("/bureau/vocabulaire/numerique/scinder",),
        "vocabulary.add": ("/bureau/vocabulaire/nouveau",),
        "vocabulary.expressions": ("/bureau/vocabulaire/expressions?q=rue",),
        "vocabulary.upload": ("/bureau/vocabulaire/tableau",),
        "skills.show": ("/bureau/competences",),
        "dossiers.show": ("/bureau/dossier?theme=numerique",),
        "shelving.add": ("/bureau/ajouter-a-une-bibliographie",),
        "reading_lists.index": ("/bureau/bibliographies",),
        "reading_lists.show": (lists,),
        "reading_items.sheet": (f"{lists}/fiche",),
        "reading_items.heading": (f"{lists}/parties/{section.id}",),
        "reading_items.item": (f"{lists}/references/{section.items[0].id}",),
        "reading_items.add": (f"{lists}/ajouter",),
        "reading_imports.show": (f"{lists}/importer",),
        "reading_shares.show": (f"{lists}/partage",),
        "reading_shares.editions": (f"{lists}/editions",),
        "reading_shares.history": (f"{lists}/historique",),
        "newsletter_basket.article": (f"{article}/lettre",),
        "newsletter_basket.show": ("/bureau/lettres/panier",),
        "newsletter_desk.index": ("/bureau/lettres",),
        "newsletter_desk.show": (letters, f"{letters}?q=logement"),
        "newsletter_desk.versions": (f"{letters}/versions?version=1",),
        "newsletter_desk.remove": (f"{letters}/supprimer",),
        "newsletter_pictures.choose": (f"{letters}/image/i1",),
        "newsletter_sending.show": (f"{letters}/envoi",),
        "newsletter_sending.preview": (
            f"{letters}/apercu", f"{letters}/apercu?vue=ordinateur&nuit=1",
            f"{letters}/apercu?vue=texte",
        ),
        "newsletter_sending.frame": (f"{letters}/apercu/page",),
        "newsletter_sending.copy": (f"{letters}/copier",),
    }  # fmt: skip


def _ask(tx: Transaction, subject: Subject, team: Team) -> Consent:
    now = team.library.clock()
    return tx.subscriptions.ask(
        WHO, subject, Rhythm.DAILY, words="Je demande…", version="1", now=now, expires=now + WEEK
    )


def _letters(tx: Transaction, team: Team) -> tuple[NewsletterId, str]:
    """A draft, and a letter that was sent."""
    now = team.library.clock()
    draft, sent = (
        tx.newsletters.add(CONTENT, since=now - WEEK, until=now, by=None, now=now) for _ in "12"
    )
    tx.newsletters.schedule(sent, now, slug="aller-vers", over=1)
    tx.newsletters.begin_sending(sent, now)
    tx.newsletters.end_sending(sent)
    return draft, "aller-vers"


def _reading(tx: Transaction, team: Team) -> ReadingList:
    """A public list, with an edition that is public too."""
    now, owner = team.library.clock(), team.person(Role.ADMIN).id
    items = tuple(
        Item(ItemId(f"i{n}"), Reference(title=f"Un titre {n}", url=f"https://a.example/{n}"))
        for n in range(3)
    )
    section = Section(SectionId("s"), "Une partie", "Pour commencer.", items)
    contents = Contents("À lire", "Une introduction.", sections=(section,))
    one = begin_list(tx, contents, owner=owner, now=now)
    tx.reading_lists.freeze(one, label="1re", by=owner, visibility=Visibility.PUBLIC, now=now)
    tx.reading_lists.set_visibility(one.id, Visibility.PUBLIC)
    return one
