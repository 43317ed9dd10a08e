"""One file for each figure that a document quotes; `python -m benchmarks.run` runs them all."""
