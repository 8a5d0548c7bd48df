"""Words read per second, beside those of the bare spaCy French pipeline, on the same texts.

``python -m benchmarks.tagging [FILE.jsonl]`` (lines with ``title`` and ``text``; without one, the
demonstration's articles, or generated ones). Themes with their evidence, names and kinds together
should have 0.6 of the bare speed at least, and be loaded in 5 s and 500 MB at most, in a fresh
process.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import spacy

from taxonomy.entities import Recogniser
from taxonomy.genres import load_genres
from taxonomy.kinds import Presented, kind_of
from taxonomy.lexicon import load_lexicon
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


def speeds(articles: Sequence[tuple[str, str]]) -> dict[str, float]:
    """Words a second of the bare pipeline, of each of our parts, and of them together."""
    words = sum(len(title.split()) + len(text.split()) for title, text in articles)
    tagger, recogniser, genres = (
        Tagger(load_vocabulary()),
        Recogniser(load_lexicon()),
        load_genres(),
    )
    pipeline = bare_pipeline()

    def bare() -> None:
        for _ in pipeline.pipe(f"{title}\n\n{text}" for title, text in articles):
            pass

    def themes() -> None:
        for _ in tagger.tag_all(articles):
            pass

    def names() -> None:
        for title, text in articles:
            recogniser.names(title, text)

    def kinds() -> None:
        for title, text in articles:
            kind_of(Presented(title, text), genres)

    times = {work.__name__: seconds(work) for work in (bare, themes, names, kinds)}
    times["together"] = sum(times.values()) - times["bare"]
    return {name: words / time for name, time in times.items()}


def loading() -> tuple[float, float]:
    """Processor seconds and megabytes that a fresh process takes to load it, Python included."""
    command = [sys.executable, "-c", _LOAD]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    took, kilobytes = run.stdout.split()
    return float(took), int(kilobytes) / 1024


_LOAD = """
import resource, time
from taxonomy.describing import Describer
from taxonomy.genres import load_genres
from taxonomy.lexicon import load_lexicon
from taxonomy.tagger import Tagger
from taxonomy.vocabulary import load_vocabulary
tagger, describer = Tagger(load_vocabulary()), Describer(load_lexicon(), load_genres())
tagger.tag("Un titre", "Un texte.")
print(time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def main(arguments: Sequence[str]) -> None:
    """Print the figures."""
    articles = read(Path(arguments[0])) if arguments else demonstration() or generated(WORDS)
    took, megabytes = loading()
    found = speeds(articles)
    print(f"texts                                    {len(articles):>10,}")
    for name, speed in found.items():
        print(
            f"{name:<10} words a second, against bare {speed:>10,.0f} {speed / found['bare']:>6.2f}"
        )
    print(f"loaded in, processor seconds (5 at most) {took:>10.1f}")
    print(f"memory then, megabytes (500 at most)     {megabytes:>10.0f}")


if __name__ == "__main__":
    main(sys.argv[1:])
