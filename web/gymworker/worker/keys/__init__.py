"""Keys: which mean which action, and which are held."""
