"""The shell: opens the world, turns the three arcs, catches what goes wrong.

Its one rule: decide, commit, then act. `desk` is the composition root, `take_in`, `give_out` and
`publish` are one arc each, and `loop` turns them.
"""
