"""`python -m edgewise.cli` is `edgewise`."""

from edgewise.cli import main

if __name__ == "__main__":
    main()
