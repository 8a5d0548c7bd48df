from __future__ import annotations

import pytest

from core.model import Access, Article
from curation.attribution import also_in, attribution, is_own, medium
from tests.curation.samples import article, reprint, source


def test_a_reference_gives_author_medium_date_and_access() -> None:
    one = article(1, author="Ana  Diaz", by=source(1, "L'Écho"), access=Access.SUBSCRIBERS)
    assert attribution(one) == "Ana Diaz, L'Écho, 19 novembre 2026 (réservé aux abonnés)"


def test_an_author_named_like_the_medium_is_said_once() -> None:
    assert attribution(article(1, author="l'écho", by=source(1, "L'Écho"))).startswith("L'Écho, 19")


def test_what_is_not_known_is_left_out() -> None:
    undated = Article(article().id, "https://media1.example/1", "Titre", "", source(1))
    assert attribution(undated) == "Média 1"


def test_an_article_found_through_a_press_review_names_its_site_and_the_review() -> None:
    found = article(1, url="https://www.ailleurs.example/a", by=source(1, "La Revue"))
    assert not is_own(found)
    assert attribution(found) == "ailleurs.example, 19 novembre 2026, via La Revue"


@pytest.mark.parametrize("host", ["media1.example", "www.media1.example", "blog.media1.example"])
def test_a_site_and_its_subdomains_are_the_source_s_own(host: str) -> None:
    assert medium(article(1, url=f"https://{host}/a")) == "Média 1"


def test_a_host_that_only_ends_alike_is_another() -> None:
    assert medium(article(1, url="https://autremedia1.example/a")) == "autremedia1.example"


def test_each_other_medium_is_named_once_and_the_article_s_own_never() -> None:
    also = (reprint(2, by=2), reprint(3, by=1), reprint(4, by=2), reprint(5, by=3))
    named = also_in(article(1, by=1, also=also))
    assert [(name, one.id) for name, one in named] == [("Média 2", 2), ("Média 3", 5)]
