"""The words of the domain, in plain dataclasses and pure functions. Standard library only."""
