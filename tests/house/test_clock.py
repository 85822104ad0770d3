"""The clock is injected: one module reads the time of day."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
READS = re.compile(r"datetime\.now\(|utcnow\(|date\.today\(|time\.time\(|localtime\(|\.now\(UTC\)|fromtimestamp\(time")
MAY = {ROOT / "deliberation/jobs/clock.py"}


def test_only_the_clock_reads_the_time_of_day() -> None:
    files = [*ROOT.glob("deliberation/**/*.py"), *ROOT.glob("votes/**/*.py"), ROOT / "main.py"]
    assert len(files) > 50
    assert [str(file.relative_to(ROOT)) for file in files if file not in MAY and READS.search(file.read_text())] == []


def test_the_search_would_find_a_reader() -> None:
    assert READS.search((ROOT / "deliberation/jobs/clock.py").read_text())
