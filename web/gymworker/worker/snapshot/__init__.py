"""States of an environment: taken, kept, restored, hashed and compared. Runs in the worker."""
