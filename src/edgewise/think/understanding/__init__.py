"""The parts of command understanding, one idea a file; `think/understand.py` puts them together."""
