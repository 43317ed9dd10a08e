"""First step of a turn: a request of words, sound or pictures becomes a message."""
