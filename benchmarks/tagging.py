"""Words tagged per second, beside those of the bare spaCy French pipeline, on the same texts.

``python -m benchmarks.tagging [FILE.jsonl]`` (lines with ``title`` and ``text``; without one, the
demonstration's articles, or generated ones). Prints our share of the bare speed; we want half of it
at least.
"""

from __future__ import annotations

import json
import random
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import spacy

from taxonomy.tagger import Tagger
from taxonomy.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROUNDS = 3
WORDS = 60_000
OPENINGS = (
    "Depuis la rentrée,", "Dans le département,", "Selon l’association,", "À l’automne,",
    "Pour les équipes,", "« Ici,", "En deux ans,", "Malgré les annonces,",
)  # fmt: skip
SUBJECTS = (
    "les éducatrices de rue", "les salarié·es de l’aide à domicile", "une assistante sociale",
    "la maison départementale des personnes handicapées", "le centre d’hébergement d’urgence",
    "les familles d’accueil", "les résidents de l’Ehpad", "un collectif d’habitants",
    "les allocataires du RSA", "la mission locale", "le tribunal pour enfants", "un voisin",
)  # fmt: skip
VERBS = (
    "attendent toujours une réponse", "dénoncent le manque de places", "proposent une permanence",
    "racontent leurs journées sans fin", "ont obtenu douze logements de plus", "cherchent à tenir",
    "refusent de trier les demandes", "vont à la rencontre de ceux qui ne demandent rien",
)  # fmt: skip
ENDINGS = (
    "malgré la baisse des subventions.", "et personne ne sait pourquoi.", "avec peu de moyens.",
    "en attendant la décision du conseil départemental.", "comme chaque hiver.", "» dit-elle.",
    "dans la salle du premier étage, où il reste trois chaises.", "sans bruit.",
)  # fmt: skip


def generated(words: int, seed: int = 1) -> list[tuple[str, str]]:
    """Articles of some 400 words in the manner of the field, about ``words`` words in all."""
    draw = random.Random(seed)
    articles, written = [], 0
    while written < words:
        sentences = [
            " ".join(draw.choice(part) for part in (OPENINGS, SUBJECTS, VERBS, ENDINGS))
            for _ in range(24)
        ]
        paragraphs = [" ".join(sentences[i : i + 6]) for i in range(0, 24, 6)]
        articles.append((sentences[0][:70], "\n\n".join(paragraphs)))
        written += sum(len(sentence.split()) for sentence in sentences)
    return articles


def read(path: Path) -> list[tuple[str, str]]:
    """The titles and texts of a JSON Lines file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    values = [json.loads(line) for line in lines if line.strip()]
    return [(value["title"], value["text"]) for value in values]


def demonstration() -> list[tuple[str, str]]:
    """The demonstration's articles; none when the checkout has no ``demo/``."""
    folder = Path(__file__).parent.parent / "demo" / "articles"
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*/*.md"))]
    parts = [text.split("---\n", 2) for text in texts if text.startswith("---\n")]
    return [(body.strip().partition("\n")[0], body) for _, _, body in parts]


def bare_pipeline() -> Any:
    """The blank spaCy French pipeline with its lookup lemmatizer."""
    pipeline = spacy.blank("fr")
    pipeline.add_pipe("lemmatizer", config={"mode": "lookup"})
    pipeline.initialize()
    return pipeline


def seconds(work: Callable[[], None]) -> float:
    """The processor time of the quickest of a few rounds: other programs disturb it least."""
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def compare(articles: Sequence[tuple[str, str]]) -> tuple[float, float, float]:
    """Words a second of the bare pipeline and of our tagger, and the seconds ours took to load."""
    words = sum(len(title.split()) + len(text.split()) for title, text in articles)
    start = time.process_time()
    tagger = Tagger(load_vocabulary())
    loading = time.process_time() - start
    pipeline = bare_pipeline()

    def run_bare() -> None:
        for _ in pipeline.pipe(f"{title}\n\n{text}" for title, text in articles):
            pass

    def run_ours() -> None:
        for _ in tagger.tag_all(articles):
            pass

    return words / seconds(run_bare), words / seconds(run_ours), loading


def main(arguments: Sequence[str]) -> None:
    """Print the figures."""
    articles = read(Path(arguments[0])) if arguments else demonstration() or generated(WORDS)
    bare, ours, loading = compare(articles)
    print(f"texts                          {len(articles):>10,}")
    print(f"bare spaCy, words a second     {bare:>10,.0f}")
    print(f"tagger, words a second         {ours:>10,.0f}")
    print(f"ratio (wanted: 0.5 or more)    {ours / bare:>10.2f}")
    print(f"tagger loaded in, seconds      {loading:>10.1f}")


if __name__ == "__main__":
    main(sys.argv[1:])
