"""``python -m glaneuse``, and the console script."""

from glaneuse.cli import main

if __name__ == "__main__":
    main()
