"""What requests and responses look like: one file per route group."""
