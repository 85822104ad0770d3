"""Runs every bench/bench_*.py and prints what it measured: python -m bench [part of a name]."""

import importlib
import sys
import time
from pathlib import Path


def names(wanted: str) -> list[str]:
    return sorted(path.stem for path in Path(__file__).parent.glob("bench_*.py") if wanted in path.stem)


def main() -> int:
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    chosen = names(wanted)
    if not chosen:
        print(f"no measurement is called {wanted!r}; there are: {', '.join(names(''))}")
        return 2
    for name in chosen:
        started = time.perf_counter()
        print(f"{name.removeprefix('bench_')}: {importlib.import_module(f'bench.{name}').__doc__}")
        for line in importlib.import_module(f"bench.{name}").measure():
            print(f"  {line}")
        print(f"  took {time.perf_counter() - started:.1f} s in all")
    return 0


if __name__ == "__main__":
    sys.exit(main())
