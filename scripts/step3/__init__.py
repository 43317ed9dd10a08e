"""Tools of the reference model: what vLLM's own Step-3 says, kept as a golden file."""
