"""The version of pygame that the stand-in stands for."""

from __future__ import annotations

ver = "2.6.1"
vernum = 2, 6, 1
rev = "gymworker"
SDL = 2, 32, 10
