"""The turn: the five steps in order, its sessions, memory and trail."""
