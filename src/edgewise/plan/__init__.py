"""The decode planner: what a model costs on which chip, by arithmetic alone."""
