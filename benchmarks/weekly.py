"""The digest of a week of two thousand articles. ``python -m benchmarks.weekly [ARTICLES]``.

Made of the store as a page asks for it, then made again of the same articles in another order.
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import timedelta
from random import Random

from core.model import (
    Description,
    EntityType,
    Evidence,
    Extracted,
    Kind,
    KindGiven,
    Named,
    SourceKind,
    Tagging,
    Theme,
    ThemeId,
)
from core.weeks import Week
from curation.digest import compose
from curation.digests import digest_of, echoes_of
from curation.period import Period
from store import Store

ARTICLES = 2_000
SOURCES = 120
WEEK = Week(2026, 47)
THEMES = tuple(Theme(ThemeId(f"theme-{n}"), f"Thème {n}", "famille") for n in range(36))
WORDS = "équipe accueil enfance logement droit parcours soin rue travail social récit accès".split()


def fill(store: Store, count: int) -> None:
    """A week of articles of 400 words, with themes, kinds, places and stories."""
    chance = Random(47)
    with store.begin() as tx:
        sources = [
            tx.sources.add(
                name=f"Média {n}", url=f"https://media{n}.example/",
                feed=f"https://media{n}.example/feed", kind=SourceKind.FEED, now=WEEK.start,
            ).id
            for n in range(SOURCES)
        ]  # fmt: skip
        ids = [
            tx.articles.save(_article(n, chance), source_id=chance.choice(sources), now=WEEK.end)[0]
            for n in range(count)
        ]
        tx.articles.save_taggings([(id, _taggings(chance)) for id in ids], tagger="1")
        tx.descriptions.save([(id, _description(chance)) for id in ids], describer="1")
        for first in range(0, count // 4, 5):
            tx.stories.put(ids[first], ids[first : first + 5])


def _article(number: int, chance: Random) -> Extracted:
    published = WEEK.start + timedelta(minutes=chance.randrange(7 * 24 * 60))
    title = " ".join(chance.choices(WORDS, k=9)).capitalize()
    text = " ".join(chance.choices(WORDS, k=400))
    return Extracted(f"https://x.example/{number}", f"{title} {number}", text, published=published)


def _taggings(chance: Random) -> tuple[Tagging, ...]:
    seen = (Evidence("title", 0, 6, "équipe"),) * chance.randint(1, 6)
    themes = chance.sample(THEMES, k=chance.randint(1, 3))
    return tuple(Tagging(theme.id, chance.uniform(0.4, 1), seen) for theme in themes)


def _description(chance: Random) -> Description:
    place = Named(EntityType.TERRITORY, f"lieu-{chance.randrange(90)}", in_title=True)
    return Description(KindGiven(chance.choice(list(Kind))), (place,))


def main(arguments: list[str]) -> None:
    """Run it and print the figures."""
    count = int(arguments[0]) if arguments else ARTICLES
    period = Period.of_week(WEEK)
    with tempfile.TemporaryDirectory() as folder:
        with Store.open(f"sqlite:///{folder}/glaneuse.sqlite") as store:
            fill(store, count)
            start = time.perf_counter()
            digest = digest_of(store, period, THEMES)
            whole = time.perf_counter() - start
            with store.read() as tx:
                articles = tx.articles.recent(since=period.start, until=period.end)
                echoes = echoes_of(tx, articles)
        Random(1).shuffle(articles)
        start = time.perf_counter()
        again = compose(period, articles, THEMES, echoes=echoes)
        composed = time.perf_counter() - start
    print(f"{len(articles)} articles: {whole:.2f} s, of which {composed:.2f} s to compose")
    print(f"the same in another order: {'yes' if again == digest else 'NO'}")


if __name__ == "__main__":
    main(sys.argv[1:])
