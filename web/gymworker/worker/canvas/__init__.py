"""What an environment renders, on a canvas."""
