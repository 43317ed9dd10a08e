"""The loop: feedback becomes data, an adapter, and a release."""
