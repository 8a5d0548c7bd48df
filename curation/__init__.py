"""Composition over stored articles: digests and, later, newsletters and reading lists."""
