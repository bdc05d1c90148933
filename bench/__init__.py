"""Side-by-side benchmarks: `python bench/run.py`."""
