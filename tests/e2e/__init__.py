"""The real server with a simulated broker, driven by the dashboard's browser tests."""
