from __future__ import annotations

from datetime import UTC, datetime, timedelta

from core.model import ArticleId, Citation, Extracted, SourceKind
from store import Store

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def add(store: Store, source: str, path: str, hours_ago: int = 0) -> ArticleId:
    """An article of a source, which is made when it is not there."""
    home = f"https://{source}.example/"
    when = NOW - timedelta(hours=hours_ago)
    with store.begin() as tx:
        known = {one.name: one for one in tx.sources.all()}
        origin = known.get(source) or tx.sources.add(
            name=source, url=home, feed=f"{home}feed", kind=SourceKind.FEED, now=NOW
        )
        read = Extracted(home + path, f"{source} {path}", "Un texte. " * 50, published=when)
        return tx.articles.save(read, source_id=origin.id, now=NOW)[0]


def cite(store: Store, id: ArticleId, *urls: str) -> None:
    with store.begin() as tx:
        tx.citations.replace(id, [Citation(url, words=f"voir {url}") for url in urls])


def sought(store: Store, now: datetime = NOW, limit: int = 100) -> list[str]:
    with store.read() as tx:
        return [one.citation.url for one in tx.citations.sought(now, limit)]


def test_a_citation_is_told_from_both_sides(store: Store) -> None:
    cited, review = add(store, "journal", "a"), add(store, "carnet", "revue")
    cite(store, review, "https://loin.example/x", "https://journal.example/a")
    with store.read() as tx:
        of = tx.citations.of(review)
        assert [(one.citation.url, one.article_id) for one in of] == [
            ("https://loin.example/x", None),
            ("https://journal.example/a", cited),
        ]
        (by,) = tx.citations.citing(cited)
    assert (by.article_id, by.title, by.source) == (review, "carnet revue", "carnet")
    assert by.citation.words == "voir https://journal.example/a"
    assert by.length == 500


def test_a_citation_leads_to_its_article_whatever_form_of_the_address_it_writes(
    store: Store,
) -> None:
    cited, review = add(store, "journal", "a"), add(store, "carnet", "revue")
    other = add(store, "lettre", "1")
    cite(store, review, "http://www.journal.example/a/", "https://m.journal.example/a")
    cite(store, other, "http://journal.example/a?utm_source=lettre")
    with store.read() as tx:
        assert [one.article_id for one in tx.citations.of(review)] == [cited, cited]
        assert {one.source for one in tx.citations.citing(cited)} == {"carnet", "lettre"}
        assert tx.citations.counts([cited]) == {cited: 2}
    assert len(sought(store)) == 1  # one page, asked for once
    with store.begin() as tx:
        tx.citations.settle(["https://journal.example/a"])
    assert sought(store) == []


def test_only_other_sources_count_and_each_once(store: Store) -> None:
    cited = add(store, "journal", "a")
    url = "https://journal.example/a"
    for source, path in (("carnet", "1"), ("carnet", "2"), ("lettre", "1"), ("journal", "b")):
        cite(store, add(store, source, path), url)
    with store.read() as tx:
        assert tx.citations.counts([cited]) == {cited: 2}
        assert [one.source for one in tx.citations.citing(cited)].count("carnet") == 2


def test_reading_again_replaces_and_does_not_seek_again(store: Store) -> None:
    review = add(store, "carnet", "revue")
    cite(store, review, "https://a.example/1", "https://a.example/2")
    with store.begin() as tx:
        tx.citations.settle(["https://a.example/1"])
    cite(store, review, "https://a.example/1", "https://a.example/3")
    assert sought(store) == ["https://a.example/3"]
    with store.read() as tx:
        assert [one.citation.url for one in tx.citations.of(review)] == [
            "https://a.example/1",
            "https://a.example/3",
        ]


def test_the_latest_are_sought_first_and_the_postponed_later(store: Store) -> None:
    cite(store, add(store, "carnet", "vieux", hours_ago=50), "https://a.example/vieux")
    cite(store, add(store, "carnet", "neuf"), "https://a.example/1", "https://a.example/2")
    assert sought(store, limit=2) == ["https://a.example/1", "https://a.example/2"]
    with store.begin() as tx:
        tx.citations.postpone("https://a.example/1", NOW + timedelta(days=1))
    assert sought(store) == ["https://a.example/2", "https://a.example/vieux"]
    (first, *_), later = sought(store, NOW + timedelta(days=1)), NOW + timedelta(days=1)
    assert first == "https://a.example/1"
    with store.read() as tx:
        assert tx.citations.sought(later, 1)[0].attempts == 1
        assert tx.citations.count_sought() == 3


def test_a_site_only_met_is_found_again_and_its_citations_are_not_sought(store: Store) -> None:
    with store.begin() as tx:
        met = tx.sources.met("https://www.loin.example/a/b?c", NOW)
        assert (met.name, met.url, met.feed) == ("loin.example", "https://www.loin.example/", "")
        assert tx.sources.met("http://loin.example/d", NOW) == met
        assert tx.sources.all() == []
        read = Extracted("https://www.loin.example/a/b?c", "Revue", "Un texte")
        id, _ = tx.articles.save(read, source_id=met.id, now=NOW)
        tx.citations.replace(id, [Citation("https://plus-loin.example/x")])
    assert sought(store) == []


def test_a_source_of_a_part_of_a_site_has_that_part(store: Store) -> None:
    with store.begin() as tx:
        part = tx.sources.add(
            name="Un blog", url="https://blogs.example/camille", feed="https://blogs.example/c/feed",
            kind=SourceKind.FEED, now=NOW,
        )  # fmt: skip
        assert tx.sources.met("https://blogs.example/camille/billet", NOW) == part
        assert tx.sources.met("https://blogs.example/camille-bis/billet", NOW).kind == "met"


def test_a_site_cited_often_is_told(store: Store) -> None:
    review = add(store, "carnet", "revue")
    cite(store, review, "https://a.example/1", "https://a.example/2", "https://b.example/1")
    with store.read() as tx:
        (met,) = tx.citations.met(fewest=2, limit=5)
    assert (met.host, met.citations, met.sources, met.last) == ("a.example", 2, 1, NOW)
