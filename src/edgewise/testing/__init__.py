"""Doubles that ship: strict stand-ins for models, vehicles and links."""
