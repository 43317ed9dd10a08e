"""A conversation by sound: listening, taking turns, answering, being interrupted."""
