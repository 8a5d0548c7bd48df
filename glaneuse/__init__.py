"""The program: command line, settings → objects. Imports everyone, imported by no one."""

__version__ = "0.1.0"
