"""All that touches JavaScript in the worker: messages, the canvas, packages, the entry."""
