"""A seeded world for the simulation: markets, servers, traders and their terminals.

It makes the truth that the oracle judges, and shows the product what a terminal would show.
"""
