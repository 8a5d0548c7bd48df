"""The fictional sites that ``make demo`` and the tests collect over real HTTP, on loopback.

Everything here plays somebody else's web: markup, addresses and habits of the real sites of the
field, none of their words. Glaneuse itself never imports this package, except for ``make demo``.
"""
