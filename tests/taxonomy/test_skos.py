"""The vocabulary as SKOS, read back by an RDF reader."""

from __future__ import annotations

from rdflib import Graph, URIRef
from rdflib.namespace import RDF, SKOS

from core.model import ThemeId
from taxonomy.skos import turtle
from taxonomy.vocabulary import Vocabulary

SITE = "https://glaneuse.example"


def read_back(vocabulary: Vocabulary) -> Graph:
    notes = {id: theme.note for id, theme in vocabulary.themes.items()}
    return Graph().parse(data=turtle(vocabulary, SITE, notes), format="turtle")


def test_every_theme_is_a_concept_with_its_label_and_note(vocabulary: Vocabulary) -> None:
    graph = read_back(vocabulary)
    concepts = set(graph.subjects(RDF.type, SKOS.Concept))
    assert concepts == {URIRef(f"{SITE}/themes/{id}") for id in vocabulary.themes}
    for id, theme in vocabulary.themes.items():
        concept = URIRef(f"{SITE}/themes/{id}")
        label = graph.value(concept, SKOS.prefLabel)
        assert (str(label), getattr(label, "language", "")) == (theme.label, "fr")
        assert str(graph.value(concept, SKOS.scopeNote) or "") == theme.note
        assert graph.value(concept, SKOS.inScheme) == URIRef(f"{SITE}/themes")


def test_related_themes_are_related_both_ways(vocabulary: Vocabulary) -> None:
    graph = read_back(vocabulary)
    id, others = next((id, others) for id, others in vocabulary.related.items() if others)
    here, there = URIRef(f"{SITE}/themes/{id}"), URIRef(f"{SITE}/themes/{others[0]}")
    assert (here, SKOS.related, there) in graph
    assert (there, SKOS.related, here) in graph


def test_each_theme_is_in_one_family(vocabulary: Vocabulary) -> None:
    graph = read_back(vocabulary)
    members = [str(one).rpartition("/")[2] for one in graph.objects(None, SKOS.member)]
    assert sorted(map(ThemeId, members)) == sorted(vocabulary.themes)
    assert len(set(graph.subjects(RDF.type, SKOS.Collection))) == len(vocabulary.families)
