"""The description of ``/api/v1`` (OpenAPI 3.1): what programs may ask, and what they are given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from core.model import Access
from web.api_asking import LAST, MOST, NAME, USUAL, VALUES, WORDS_LENGTH

VERSION: Final = "1.0"
JSON: Final = "application/json"
PROBLEM: Final = "application/problem+json"
Schema = dict[str, Any]

_NAME: Final[Schema] = {"type": "string", "pattern": f"^{NAME.pattern}$"}
_TEXT: Final[Schema] = {"type": "string"}
_COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
_ADDRESS: Final[Schema] = {"type": "string", "format": "uri"}
_INSTANT: Final[Schema] = {"type": ["string", "null"], "format": "date-time"}
_ACCESS: Final[Schema] = {"type": "string", "enum": [one.value for one in Access]}


def description(site: str) -> Schema:
    """The whole description. ``site``: the address under which readers see Glaneuse."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Glaneuse",
            "version": VERSION,
            "description": "Ce que publie le travail social francophone : titres, courts extraits, "
            "thèmes et liens vers les originaux. Lecture seule, sans clé. Les réponses portent un "
            "ETag ; redemandez avec If-None-Match.",
            "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
        },
        "servers": [{"url": f"{site}/api/v1"}],
        "paths": _PATHS,
        "components": {"schemas": _SCHEMAS},
    }


def _object(properties: Schema, *optional: str) -> Schema:
    required = [name for name in properties if name not in optional]
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _listed(of: Schema) -> Schema:
    return {"type": "array", "items": of}


_PAGED: Final[Schema] = {
    "total": _COUNT | {"description": "Combien il y en a en tout."},
    "page": {"type": "integer", "minimum": 1},
    "limit": {"type": "integer", "minimum": 1, "maximum": MOST},
    "next": {
        "type": ["string", "null"],
        "format": "uri",
        "description": "La page suivante ; null à la fin.",
    },
}
_ARTICLE: Final[Schema] = {
    "id": {"type": "integer"},
    "title": _TEXT,
    "url": _TEXT | {"description": "L'original."},
    "page": _ADDRESS | {"description": "Sa page dans Glaneuse."},
    "source": _TEXT,
    "source_name": _TEXT,
    "medium": _TEXT | {"description": "Qui l'a publié."},
    "author": _TEXT,
    "published": _INSTANT,
    "access": _ACCESS,
    "language": _TEXT,
    "themes": _listed(_TEXT),
    "extract": _TEXT | {"maxLength": 200},
}
_ENTRY: Final[Schema] = {"type": "object"}
_SCHEMAS: Final[Schema] = {
    "Article": _object(_ARTICLE),
    "ArticleWithReasons": _object(
        _ARTICLE
        | {
            "reasons": _listed(_object({"theme": _TEXT, "label": _TEXT, "words": _listed(_TEXT)})),
        }
    ),
    "Hit": _object(
        {
            name: _ARTICLE[name]
            for name in (
                "id", "title", "url", "page", "source", "source_name", "published", "access",
                "themes",
            )
        }
        | {"excerpt": _TEXT | {"maxLength": 200}}
    ),
    "Theme": _object(
        {
            "id": _NAME,
            "label": _TEXT,
            "note": _TEXT,
            "family": _object({"id": _TEXT, "label": _TEXT}),
            "page": _ADDRESS,
        }
    ),
    "Source": _object(
        {"slug": _NAME, "name": _TEXT, "url": _TEXT, "articles": _COUNT, "page": _ADDRESS}
    ),
    "Week": _object(
        {"week": _TEXT, "label": _TEXT, "start": _INSTANT, "end": _INSTANT, "page": _ADDRESS}
    ),
    "Digest": _object(
        {
            "period": _object(
                {
                    "label": _TEXT,
                    "start": _INSTANT,
                    "end": _INSTANT,
                    "week": {"type": ["string", "null"]},
                }
            ),
            "headline": _TEXT,
            "leading": _listed(_ENTRY),
            "sections": _listed(
                _object({"theme": _TEXT, "label": _TEXT, "entries": _listed(_ENTRY)})
            ),
            "rubrics": _listed(
                _object({"kind": _TEXT, "label": _TEXT, "entries": _listed(_ENTRY)})
            ),
            "more": _listed(_ENTRY),
            "unshown": _COUNT,
            "closed": {"type": ["string", "null"], "format": "date-time"},
            "method": _TEXT,
        }
    ),
    "Problem": _object(
        {"type": _TEXT, "title": _TEXT, "status": {"type": "integer"}, "detail": _TEXT}
    ),
}  # fmt: skip


def _one(name: str, what: str) -> Schema:
    return {
        "name": name,
        "in": "query",
        "description": what,
        "schema": {},
    }


def _several(name: str, what: str, of: Schema = _NAME) -> Schema:
    schema = {"type": "array", "items": of, "maxItems": VALUES}
    return _one(name, what) | {"schema": schema, "style": "form", "explode": True}


_PAGES: Final = [
    _one("page", "Page, à partir de 1.")
    | {"schema": {"type": "integer", "minimum": 1, "maximum": LAST, "default": 1}},
    _one("limit", "Combien par page.")
    | {"schema": {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}},
]
_DAY: Final[Schema] = {
    "type": "string",
    "format": "date",
    "pattern": "^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}$",
}
_DATES: Final = [
    _one("since", "Depuis ce jour (heure de Paris).") | {"schema": _DAY},
    _one("until", "Jusqu'à ce jour compris.") | {"schema": _DAY},
    _one("off_field", "Avec les articles hors champ, sans thème.")
    | {"schema": {"type": "boolean", "default": False}},
]
_NARROWER: Final = [
    _several("kind", "L'un de ces types de texte."),
    _several("territory", "L'un de ces territoires."),
    _several("access", "L'un de ces accès.", _ACCESS),
]
_SEARCH: Final = [
    _one("q", 'Des mots, une "expression exacte".')
    | {"schema": {"type": "string", "maxLength": WORDS_LENGTH}},
    _several("theme", "L'un de ces thèmes."),
    _several("source", "L'une de ces sources."),
    _several("organisation", "Nomme l'une de ces organisations."),
    _several("profession", "Nomme l'un de ces métiers."),
    _one("sort", "Ordre des réponses.")
    | {"schema": {"type": "string", "enum": ["relevance", "date"], "default": "relevance"}},
]


def _in_path(name: str, schema: Schema) -> Schema:
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _content(kind: str, schema: Schema) -> Schema:
    return {"content": {kind: {"schema": schema}}}


def _get(summary: str, answer: Schema, *parameters: Schema, errors: tuple[int, ...] = ()) -> Schema:
    says = {400: "Un paramètre n'est pas compris.", 404: "Il n'y a rien à cette adresse."}
    says |= {429: "Trop de demandes à la fois.", 503: "Momentanément indisponible."}
    responses = {"200": {"description": summary} | _content(JSON, answer)}
    for status in (400, *errors, 429, 503):
        responses[str(status)] = {"description": says[status]} | _content(PROBLEM, _ref("Problem"))
    return {"get": {"summary": summary, "parameters": list(parameters), "responses": responses}}


_PATHS: Final[Mapping[str, Schema]] = {
    "/articles": _get(
        "Articles du champ, les derniers d'abord",
        _object(_PAGED | {"articles": _listed(_ref("Article"))}),
        *_PAGES, *_DATES, *_NARROWER,
        _one("theme", "De ce thème.") | {"schema": _NAME},
        _one("source", "De cette source.") | {"schema": _NAME},
        errors=(404,),
    ),
    "/articles/{id}": _get(
        "Un article, et pourquoi il a ses thèmes",
        _ref("ArticleWithReasons"),
        _in_path("id", {"type": "integer", "minimum": 0, "maximum": 2147483647}),
        errors=(404,),
    ),
    "/search": _get(
        "Recherche",
        _object(
            _PAGED
            | {
                "hits": _listed(_ref("Hit")),
                "facets": {
                    "type": "object",
                    "additionalProperties": {"type": "object", "additionalProperties": _COUNT},
                },
            }
        ),
        *_PAGES, *_DATES, *_NARROWER, *_SEARCH,
    ),
    "/themes": _get("Tous les thèmes", _object({"themes": _listed(_ref("Theme"))})),
    "/themes/{id}": _get("Un thème", _ref("Theme"), _in_path("id", _NAME), errors=(404,)),
    "/sources": _get("Toutes les sources", _object({"sources": _listed(_ref("Source"))})),
    "/sources/{slug}": _get("Une source", _ref("Source"), _in_path("slug", _NAME), errors=(404,)),
    "/digests": _get(
        "Les semaines, la dernière d'abord",
        _object(_PAGED | {"digests": _listed(_ref("Week"))}),
        *_PAGES,
    ),
    "/digests/{week}": _get(
        "Une semaine : ce que montre « La semaine »",
        _ref("Digest"),
        _in_path("week", {"type": "string", "pattern": "^(19|20|21)[0-9]{2}-[WS][0-9]{2}$"}),
        errors=(404,),
    ),
}  # fmt: skip
