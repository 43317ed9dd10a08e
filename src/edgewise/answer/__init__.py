"""Fifth step: what happened becomes words and sound."""
