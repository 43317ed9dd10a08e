"""Digital sound: samples, rates, files. Knows nothing of words."""
