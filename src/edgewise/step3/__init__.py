"""The reference model: the Step-3 architecture, readable; the only user of torch."""
