"""Bibliographies written and read in the formats of schools and reference managers.

One module a format. ``to_ris``, ``to_bibtex``, ``to_csl_json`` take references; ``read_ris``,
``read_bibtex`` and the others take the bytes of a file and give a ``Read``: every good reference,
and every refused line named.
"""
