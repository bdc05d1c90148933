"""A worker's script that fails."""

raise ValueError("out of luck")
