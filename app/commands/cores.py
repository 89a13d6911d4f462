"""How the processes of a server share the cores of the machine, and how much they keep in memory.

To be called before numpy and torch are imported: their libraries of linear algebra read the
environment when they are loaded.
"""

import os
from collections.abc import MutableMapping

# How many kernels, each made for one number of tokens, the library below torch keeps. It counts
# twice, in two caches; of the 1,024 that it keeps otherwise, a process grows for hours.
_KERNELS_KEPT = "32"


def share_cores(environ: MutableMapping[str, str], *, processes: int) -> None:
    """Each of `processes` computes on its share of the cores, unless `environ` says otherwise.

    The encoder takes as many threads as `OMP_NUM_THREADS`. The products of matrices in a search are
    too small to be shared: threads that wait for each other, spinning, cost other requests far
    more than they gain for their own.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    environ.setdefault("OMP_NUM_THREADS", str(max(1, (cores or 1) // processes)))
    environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    for name in ("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "LRU_CACHE_CAPACITY"):
        environ.setdefault(name, _KERNELS_KEPT)
