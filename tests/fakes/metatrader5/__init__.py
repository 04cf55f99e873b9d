"""A verified fake of the ``MetaTrader5`` package, so that the whole bridge runs without Windows.

``recorded.json`` was made from the real package; a test holds the fake to it. Terminals live in
the test's process, as real ones live beside the worker, and survive a worker that is killed.
"""
