"""Voice devices of the xiaozhi family on the platform: they connect as they are, and their turns
run here (docs/decisions/0014-voice-devices.md)."""
