"""Trains the command model: data, network, export. Needs the extra `train` (torch)."""
