"""A shipped, seeded broker: the demo's and the tests' world behind the bridge protocol."""
