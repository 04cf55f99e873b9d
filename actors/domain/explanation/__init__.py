"""Explain this number: every shown figure with its formula, its inputs and what is behind it."""
