"""Changes the counting rules one place at a time and says how many of the changes a test noticed: python -m tools.mutation."""

import subprocess
import sys
from collections import Counter, defaultdict

NEEDED_PERCENT = 95
NOTICED = {"killed", "timeout", "segfault"}
MUTMUT = (sys.executable, "-m", "mutmut")


def outcomes() -> dict[str, str]:
    listing = subprocess.run([*MUTMUT, "results", "--all", "true"], check=True, capture_output=True, text=True).stdout
    return dict(line.strip().rsplit(": ", 1) for line in listing.splitlines() if ": " in line)


def main() -> int:
    if subprocess.run([*MUTMUT, "run"], check=False).returncode != 0:
        print("mutmut could not run; the tests must pass before rules are changed on purpose")
        return 1
    found = outcomes()
    by_module: dict[str, Counter[bool]] = defaultdict(Counter)
    for mutant, outcome in found.items():
        by_module[".".join(mutant.split(".")[:2])][outcome in NOTICED] += 1
    for mutant, outcome in found.items():
        if outcome not in NOTICED:
            print(f"{outcome}: {mutant} (see it: python -m mutmut show {mutant})")
    enough = bool(by_module)
    for module, counted in sorted(by_module.items()):
        total = counted[True] + counted[False]
        enough = enough and counted[True] * 100 >= total * NEEDED_PERCENT
        print(f"{module}: {counted[True]} of {total} changes noticed")
    print(f"{'met' if enough else 'MISSED'}: {NEEDED_PERCENT} % in each module")
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main())
