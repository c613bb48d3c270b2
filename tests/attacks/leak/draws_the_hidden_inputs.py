# /// attack
# says = "ran to its end"
# ///
"""Draw what hidden checks draw, from every seed that can be seen here."""

import os

from exercises import environment
from exercises.testing import hidden_rng

seed = environment.hidden_seed()
print("drawn", hidden_rng("plain_plans").integers(50, 900, size=9), "from", repr(seed))
if len(seed) == 64:
    print("WON: the seed", seed)
raise RuntimeError("the search ran to its end")
