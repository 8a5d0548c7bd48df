"""The themes for other tools: SKOS (W3C Recommendation of 2009), written as Turtle by rdflib."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, RDF, SKOS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.model import ThemeId
    from taxonomy.vocabulary import Vocabulary

LANGUAGE = "fr"


def turtle(vocabulary: Vocabulary, site: str, notes: Mapping[ThemeId, str]) -> str:
    """The vocabulary as a concept scheme of ``site`` (without a final slash).

    A theme is a concept, at the address of its page; a family, which only serves to navigate, a
    collection. ``notes``: the scope notes, as readers see them.
    """
    graph = Graph()
    graph.bind("skos", SKOS)
    graph.bind("dcterms", DCTERMS)
    scheme = URIRef(f"{site}/themes")
    graph.add((scheme, RDF.type, SKOS.ConceptScheme))
    graph.add((scheme, DCTERMS.title, _french("Thèmes de Glaneuse")))
    graph.add((scheme, DCTERMS.hasVersion, Literal(vocabulary.version)))
    concepts = {id: URIRef(f"{site}/themes/{id}") for id in vocabulary.themes}
    for id, theme in vocabulary.themes.items():
        concept = concepts[id]
        graph.add((concept, RDF.type, SKOS.Concept))
        graph.add((concept, SKOS.inScheme, scheme))
        graph.add((concept, SKOS.topConceptOf, scheme))
        graph.add((scheme, SKOS.hasTopConcept, concept))
        graph.add((concept, SKOS.notation, Literal(id)))
        graph.add((concept, SKOS.prefLabel, _french(theme.label)))
        for synonym in vocabulary.synonyms.get(id, ()):
            graph.add((concept, SKOS.altLabel, _french(synonym)))
        if notes.get(id):
            graph.add((concept, SKOS.scopeNote, _french(notes[id])))
        for other in vocabulary.related.get(id, ()):
            # skos:related is symmetric: said both ways, for tools that do not reason.
            graph.add((concept, SKOS.related, concepts[other]))
            graph.add((concepts[other], SKOS.related, concept))
    for family in vocabulary.families:
        collection = URIRef(f"{site}/themes#famille-{family.id}")
        graph.add((collection, RDF.type, SKOS.Collection))
        graph.add((collection, SKOS.prefLabel, _french(family.label)))
        for theme in vocabulary.of_family(family):
            graph.add((collection, SKOS.member, concepts[theme.id]))
    return graph.serialize(format="turtle")


def _french(text: str) -> Literal:
    return Literal(text, lang=LANGUAGE)
