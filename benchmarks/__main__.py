"""``make bench``: every speed in one run. ``python -m benchmarks [PAGES]``.

PAGES: a folder of real pages (``pages/`` and ``pages.json``), else the sample pages of the tests.
Bounded to some minutes: ``python -m benchmarks.looking`` alone goes to a million articles.
"""

from __future__ import annotations

import sys

from benchmarks import chain, extraction, feeds, indexing, looking, searching, tagging, weekly


def main(arguments: list[str]) -> None:
    """Run them one after the other; each prints its own figures. Exits with 1 under a bar."""
    under: list[str] = []
    for name, run, given in (
        ("Reading pages", extraction.main, arguments),
        ("Tagging", tagging.main, []),
        ("Indexing", indexing.main, []),
        ("Searching", searching.main, []),
        ("Collecting feeds, beside reader", feeds.main, []),
        ("Looking for copies", looking.main, ["10000", "100000"]),
        ("The whole chain", chain.main, [*(arguments or [str(extraction.SAMPLES)]), "300"]),
        ("A week's digest", weekly.main, []),
    ):
        print(f"\n— {name}", flush=True)
        try:
            run(given)
        except SystemExit as told:
            under += [name] if told.code else []
    if under:
        sys.exit(f"Under their bar: {', '.join(under)}")


if __name__ == "__main__":
    main(sys.argv[1:])
