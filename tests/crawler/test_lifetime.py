"""Articles looked at again: what changed, what is gone, what is withdrawn for good."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.errors import Withdrawn
from core.model import Access, Article, ArticleId, Extracted, Source, SourceId, SourceKind
from core.settings import Settings
from crawler.adding import add_by_hand
from crawler.exchange import import_lines
from crawler.fetching import Fetcher
from crawler.lifetime import is_real_change, merged, next_look
from crawler.reading import read_waiting
from crawler.revisiting import Revisiting
from crawler.stages import collect
from store import Store
from store.articles import Saved
from store.revisits import Lifetime
from tests.crawler.local_site import LocalSite, Reply, article, item

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)
TEXT = (
    "Publié le 3 novembre 2026 à 9 h 12, lu 1 204 fois.\n\n"
    "Dans le foyer, l’équipe a changé sa façon d’accueillir les familles qui arrivent la nuit.\n\n"
    "Trois éducatrices racontent ce que cela leur coûte, et ce qu’elles y gagnent."
)
SOURCE = Source(
    SourceId(1), "s", "S", "https://s.example/", "https://s.example/feed", SourceKind.FEED
)
HELD = Article(ArticleId(1), "https://s.example/a", "La nuit au foyer", TEXT, SOURCE, author="Anne")
READ = Extracted(HELD.url, HELD.title, TEXT, author="Anne")


def test_it_is_looked_at_1_3_7_and_30_days_after_it_appeared() -> None:
    looks, now = [], NOW
    while (due := next_look(NOW, now)) is not None:
        looks.append((due - NOW).days)
        now = due
    assert looks == [1, 3, 7, 30]
    assert next_look(NOW, NOW + timedelta(days=5)) == NOW + timedelta(days=7)


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("1 204 fois", "58 911 fois").replace("9 h 12", "11 h 40"),
        TEXT.replace("3 novembre 2026", "mardi 4 décembre 2026") + "\n\n12 commentaires, 40 vues",
        TEXT.replace("façon d’accueillir", "manière d’accueillir"),
        TEXT.replace("’", "'").replace("\n\n", "\n").upper(),
        TEXT + "\n\nPublicité",
    ],
    ids=["counter", "date", "one word", "typography", "advertisement"],
)
def test_dates_counters_and_trifles_are_no_change(text: str) -> None:
    assert not is_real_change(HELD, replace(READ, text=text))


@pytest.mark.parametrize(
    "read",
    [
        replace(READ, title="La nuit au foyer, un an après"),
        replace(READ, text=TEXT + "\n\nLe département a répondu mardi : le poste sera maintenu."),
        replace(READ, text=TEXT.partition("Trois")[0]),
        replace(READ, access=Access.SUBSCRIBERS),
    ],
    ids=["title", "paragraph more", "paragraph less", "behind a wall"],
)
def test_what_says_something_else_is_a_change(read: Extracted) -> None:
    assert is_real_change(HELD, read)


def test_a_text_that_a_wall_hides_is_not_forgotten() -> None:
    kept = merged(HELD, replace(READ, text="Trois éducatrices", access=Access.SUBSCRIBERS))
    assert (kept.text, kept.access) == (TEXT, Access.SUBSCRIBERS)


# -- on a site ------------------------------------------------------------------------------------


class Story:
    """A source with one article, and a clock that is moved."""

    def __init__(self, store: Store, settings: Settings, site: LocalSite, fetcher: Fetcher) -> None:
        self.store, self.settings, self.site, self.now = store, settings, site, NOW
        self.fetcher = fetcher
        link = site.page("/a", "La nuit au foyer", TEXT)
        feed = site.feed("/feed", item(link, "La nuit au foyer"))
        with store.begin() as tx:
            tx.sources.add(name="S", url=site.url, feed=feed, kind=SourceKind.FEED, now=NOW)
        self.collect()

    def collect(self, after: timedelta = timedelta()) -> None:
        self.now += after
        collect(self.store, self.settings, lambda: self.now, fetcher=self.fetcher, processes=0)

    @property
    def article(self) -> Article:
        with self.store.read() as tx:
            (held,) = tx.articles.recent(off_field=True)
        return held

    def lived(self, *versions: datetime, gone: datetime | None = None) -> bool:
        """Whether it had other texts until then, and was taken off then."""
        with self.store.read() as tx:
            return tx.revisits.lifetime(self.article.id) == Lifetime(versions, gone)


@pytest.fixture
def story(store: Store, settings: Settings, site: LocalSite, fetcher: Fetcher) -> Story:
    return Story(store, settings, site, fetcher)


def test_a_change_is_kept_once_with_the_date_of_the_former_text(story: Story) -> None:
    story.site.page("/a", "La nuit au foyer", TEXT + " Le département a répondu : le poste reste.")
    story.collect(DAY)
    assert "le poste reste" in story.article.text
    assert story.lived(NOW + DAY)
    assert story.article.tagger == ""  # its themes are to be looked at again
    story.collect(2 * DAY)
    assert story.lived(NOW + DAY)


def test_it_is_asked_for_four_times_in_a_month_and_never_again(story: Story) -> None:
    for _ in range(40):
        story.collect(DAY)
    assert story.site.paths.count("/a") == 1 + 4


def test_missing_twice_a_week_apart_is_withdrawn_by_its_publisher(story: Story) -> None:
    story.site.replies["/a"] = Reply(b"", status=410)
    story.collect(DAY)
    assert story.lived()
    story.collect(3 * DAY)
    assert story.lived()
    story.collect(4 * DAY)
    assert story.lived(gone=NOW + 8 * DAY)
    assert story.article.title == "La nuit au foyer"


def test_missing_once_is_a_mishap(story: Story) -> None:
    story.site.replies["/a"] = Reply(article("Page introuvable").encode(), status=404)
    story.collect(DAY)
    story.site.page("/a", "La nuit au foyer", TEXT)
    story.collect(7 * DAY)
    story.collect(30 * DAY)
    assert story.lived()


def test_sent_to_the_home_page_counts_as_missing(story: Story) -> None:
    story.site.page("/", "Bienvenue")
    story.site.replies["/a"] = Reply.to("/", 302)
    story.collect(DAY)
    story.collect(7 * DAY)
    assert story.lived(gone=NOW + 8 * DAY)
    assert story.article.title == "La nuit au foyer"


def test_a_refusal_changes_nothing(story: Story) -> None:
    story.site.replies["/a"] = Reply(b"non", status=403)
    for _ in range(9):
        story.collect(DAY)
    assert story.lived()
    assert "foyer" in story.article.text


# -- by hand --------------------------------------------------------------------------------------


def test_an_article_added_by_hand_is_read_at_the_next_collect(
    store: Store, site: LocalSite, fetcher: Fetcher
) -> None:
    link = site.page("/a", "La nuit au foyer", TEXT)
    with store.begin() as tx:
        id, saved = add_by_hand(tx, url=link, title="Une nuit", now=NOW)
        assert (saved, tx.articles.by_id(id).access) == (Saved.INSERTED, Access.UNREAD)
        assert add_by_hand(tx, url=link + "#fin", title="X", now=NOW) == (id, Saved.UNCHANGED)
    Revisiting(store, fetcher, lambda: NOW).run(processes=0)
    with store.read() as tx:
        held = tx.articles.by_id(id)
        assert (held.title, held.access) == ("La nuit au foyer", Access.UNKNOWN)
        assert "Trois éducatrices" in held.text
        assert tx.revisits.lifetime(id).versions == ()


def test_one_that_robots_may_not_read_stays_as_it_was_typed(
    store: Store, site: LocalSite, fetcher: Fetcher
) -> None:
    site.replies["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /", "text/plain")
    with store.begin() as tx:
        id, _ = add_by_hand(tx, url=site.url + "/a", title="Une nuit au foyer", now=NOW)
    Revisiting(store, fetcher, lambda: NOW).run(processes=0)
    with store.read() as tx:
        held = tx.articles.by_id(id)
    assert (held.title, held.access) == ("Une nuit au foyer", Access.UNREAD)
    assert site.paths == []


# -- withdrawn for good ---------------------------------------------------------------------------


def test_what_is_withdrawn_comes_back_by_no_route(story: Story) -> None:
    held, asked = story.article, story.site.paths.count("/a")
    with story.store.begin() as tx:
        tx.articles.withdraw(held.id, story.now)
    story.site.feed("/feed", item(held.url, "La nuit au foyer"), item(held.url + "/?utm_source=x"))
    review = f"<li><a href='{held.url}'>La nuit au foyer, un récit</a></li>"
    story.site.page("/revue", "Revue de presse", f"{TEXT * 5}</p><ul>{review}</ul><p>")
    story.collect(DAY)
    line = json.dumps({"url": held.url.replace("http:", "https:"), "title": "La nuit au foyer"})
    report = import_lines([line], story.store, lambda: story.now)
    assert (report.done, report.failed) == (0, 1)
    with story.store.begin() as tx:
        with pytest.raises(Withdrawn):
            add_by_hand(tx, url=held.url, title="La nuit", now=story.now)
        assert tx.articles.recent(off_field=True) == []
    assert story.site.paths.count("/a") == asked


def test_a_page_that_waits_to_be_read_does_not_bring_it_back(story: Story) -> None:
    held = story.article
    with story.store.begin() as tx:
        tx.pages.read_again()
    with story.store.begin() as tx:
        (page, _), *_ = tx.pages.waiting(10)
        tx.articles.withdraw(held.id, story.now)
        tx.pages.add(
            source_id=page.source_id, url=page.url + "?court", final_url=page.url, body="",
            fetched=story.now, content_type="", announcement=replace(page.announcement),
        )  # fmt: skip
    read_waiting(story.store, lambda: story.now, processes=0)
    with story.store.read() as tx:
        assert tx.articles.recent(off_field=True) == []
