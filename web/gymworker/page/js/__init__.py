"""Everything on the page that touches JavaScript; the rest takes callables and runs anywhere."""
