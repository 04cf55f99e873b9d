"""Tier B: a whole node (tree, placement, fleet, actors) under a virtual clock, with faults."""
