"""Imported by the fork server, before it forks anything: see tests/warm.py."""

import os

# A pool of threads, as numpy makes one, does not outlive a fork.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

from tests.warm import warm_up

warm_up()
