"""Reading rule sets in a fresh process: all of them, and one by place and year.

To be reached: 50 ms for all, 5 ms for one. Beside them, what parsing the same
files alone takes. What of Python itself a process may not have loaded yet is loaded first.

    python benchmarks/rules.py
"""

from __future__ import annotations

import statistics
import subprocess
import sys

CODES = {
    "parsing alone": """
import tomllib
from pathlib import Path
from decimal import Decimal
import perfeval as pe
from perfeval.cited import data_folder
texts = [path.read_text() for path in (data_folder() / "rulesets").glob("*.toml")]
started = time.perf_counter()
for text in texts:
    tomllib.loads(text, parse_float=Decimal)
""",
    "all": "import perfeval as pe\nstarted = time.perf_counter()\npe.rule_sets()",
    "one by place": ("import perfeval as pe\nstarted = time.perf_counter()\npe.rule_set('CN-HB', fiscal_year=2022)"),
}


def main() -> None:
    for name, code in CODES.items():
        whole = f"import pathlib, time, tomllib\n{code}\nprint(time.perf_counter() - started)"
        times = [
            float(subprocess.run([sys.executable, "-c", whole], capture_output=True, check=True, text=True).stdout)  # noqa: S603  # this Python
            for _ in range(11)
        ]
        print(f"{name:15} {statistics.median(times) * 1e3:6.1f} ms")


if __name__ == "__main__":
    main()
