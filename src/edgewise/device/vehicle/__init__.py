"""The car: the table of its signals, the simulated vehicle, and a real bus over kuksa.val.v2."""
