"""Everything in the worker that touches JavaScript. Runs in the worker."""
