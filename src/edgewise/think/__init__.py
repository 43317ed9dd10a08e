"""Third step: a message becomes text and calls."""
