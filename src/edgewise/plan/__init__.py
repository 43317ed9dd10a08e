"""The decode planner: what a model costs on which chip, by arithmetic alone.

`arch` says what a model is, `weights` and `count` what it holds and does for a token, `chip` what a
chip can; `cost` prices the one on the other, `fit` tells whether it has room, and `disaggregate`
sizes servers for attention and for feed-forward. Nothing here reads a file.
"""
