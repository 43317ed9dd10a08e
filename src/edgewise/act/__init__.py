"""Acting: resolve a call into effects, decide by policy, perform and read back."""
