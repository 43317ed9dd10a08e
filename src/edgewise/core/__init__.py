"""The values every layer speaks: frozen, without I/O, JSON both ways (`core.event`)."""
