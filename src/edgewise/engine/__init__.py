"""Runs models apart from the agent: files of packages, found and verified; a process each."""
