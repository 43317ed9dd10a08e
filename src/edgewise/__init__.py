"""Edgewise: an agent on the device that understands, decides by rule, acts, and tells."""

__version__ = "0.1.0"
