"""Reads spoilt files in a process of its own, under limits of memory, time and size; run by ``test_fuzz.py``.

``fuzz.py READER EXAMPLES SECONDS`` makes them with Hypothesis, until so many were tried or the time is over;
``fuzz.py READER --seconds N CORPUS`` with atheris. Prints one line of JSON: how many were tried, refused and read, the
slowest, or the input that failed.
"""

from __future__ import annotations

import base64
import json
import os
import re
import resource
import shutil
import sys
import time
import traceback
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

from selfassess.errors import MOST_FAULTS, FaultListError, UserError

MEMORY = 3 << 30
"""Bytes that the process may have; half a gigabyte of it is the libraries."""
FILE = 64 << 20
"""Bytes of the largest file it may write."""
SECONDS = 10.0
"""Processor time for one input."""
LONGEST = 1000
"""Characters of a sentence."""
_HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_CHINESE = re.compile("[\u4e00-\u9fff]")


class Trial:
    """Counts what became of inputs.

    Args:
        reader: The reader that is tried.
        seconds: How long; what is asked for later is not tried.
    """

    def __init__(self, reader, seconds: float) -> None:
        self.reader = reader
        self.end = time.monotonic() + seconds
        self.tried = self.refused = 0
        self.slowest = 0.0
        self.failed: dict[str, str] | None = None

    def __call__(self, made: bytes) -> None:
        """Read one input; raises whatever is no clear refusal."""
        if self.is_over():
            return
        begun = time.process_time()
        self.tried += 1
        try:
            self.reader.read(made)
        except UserError as error:
            self.refused += 1
            look_at_sentences(error)
        except BaseException:
            self.failed = {"input": base64.b85encode(made).decode(), "why": traceback.format_exc()[-3000:]}
            raise
        finally:
            spent = time.process_time() - begun
            self.slowest = max(self.slowest, spent)
        if spent > SECONDS:
            self.failed = {"input": base64.b85encode(made).decode(), "why": f"took {spent:.1f} s"}
            raise TimeoutError

    def is_over(self) -> bool:
        """Whether the time is over; something was tried in any case."""
        return self.tried > 0 and time.monotonic() > self.end

    def tell(self) -> None:
        """Print what became of them."""
        told = {"tried": self.tried, "refused": self.refused, "slowest": round(self.slowest, 2), "failed": self.failed}
        told["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        sys.stdout.write(f"{json.dumps(told)}\n")
        sys.stdout.flush()


def look_at_sentences(error: UserError) -> None:
    """Refusals are Chinese sentences, short, a line each, and not more than anybody reads."""
    faults = error.faults if isinstance(error, FaultListError) else ()
    assert len(faults) <= MOST_FAULTS
    for sentence in (error.message, *faults):
        assert len(sentence) <= LONGEST, sentence
        assert _CHINESE.search(sentence), sentence
        assert not _HIDDEN.search(sentence), ascii(sentence)


def by_hypothesis(trial: Trial, examples: int, *, steady: bool) -> None:
    """Try inputs that Hypothesis makes."""
    from hypothesis import HealthCheck, given, settings
    from hypothesis import strategies as st

    # Random bytes reach further; small ones that Hypothesis thinks of come closer to the edges, and shrink.
    stretched = st.integers(0, 2**40).map(lambda seed: Random(seed).randbytes(seed % 60))

    @settings(
        max_examples=examples,
        derandomize=steady,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    @given(st.binary(max_size=80) | stretched)
    def run(data: bytes) -> None:
        if not trial.is_over():
            trial(trial.reader.made(data))

    run()


def by_atheris(name: str, seconds: int, corpus: str) -> None:
    """Try inputs that lead to new places in the program."""
    import atheris

    with atheris.instrument_imports(include=["selfassess"]):
        from readers import READERS, folder
    trial = Trial(READERS[name], seconds)

    def one_input(data: bytes) -> None:
        if trial.is_over():  # libFuzzer ends the process without a word, and only between two inputs of its own liking
            trial.tell()
            shutil.rmtree(folder(), ignore_errors=True)
            os._exit(0)
        try:
            trial(data)
        finally:
            if trial.failed is not None:
                trial.tell()

    arguments = [f"-max_total_time={10 * seconds}", "-rss_limit_mb=3000", "-timeout=30", "-max_len=200000"]
    atheris.Setup([sys.argv[0], *arguments, "-verbosity=0", corpus], one_input)
    atheris.Fuzz()


def main(arguments: list[str]) -> int:
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE, FILE))
    if "--seconds" in arguments:  # libFuzzer has a limit of memory of its own
        by_atheris(arguments[0], int(arguments[2]), arguments[3])
        return 0
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    from readers import READERS

    trial = Trial(READERS[arguments[0]], float(arguments[2]))
    try:
        by_hypothesis(trial, int(arguments[1]), steady="--steady" in arguments)
    except BaseException:
        if trial.failed is None:
            raise
    finally:
        trial.tell()
    return 1 if trial.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
