"""Commands of the ``onefunders`` program, one file each."""
