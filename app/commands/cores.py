"""How the processes of a server share the cores of the machine.

To be called before numpy is imported: its library of linear algebra reads the environment when it
is loaded.
"""

import os
from collections.abc import MutableMapping


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
