"""`python -m edgewise.testing.upstream`: the upstream as a process of its own."""

from edgewise.testing.upstream.server import main

if __name__ == "__main__":
    main()
