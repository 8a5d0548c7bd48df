"""``make bench``: every speed in one run. ``python -m benchmarks [PAGES]``.

PAGES: a folder of real pages (``pages/`` and ``pages.json``), else the sample pages of the tests.
"""

from __future__ import annotations

import sys

from benchmarks import extraction, indexing, searching, tagging, weekly


def main(arguments: list[str]) -> None:
    """Run them one after the other; each prints its own figures."""
    for name, run, given in (
        ("Reading pages", extraction.main, arguments),
        ("Tagging", tagging.main, []),
        ("Indexing", indexing.main, []),
        ("Searching", searching.main, []),
        ("A week's digest", weekly.main, []),
    ):
        print(f"\n— {name}", flush=True)
        run(given)


if __name__ == "__main__":
    main(sys.argv[1:])
