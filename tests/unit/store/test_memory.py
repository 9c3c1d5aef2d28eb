"""How much memory a large document takes: itself once while it is taken in, a piece of it when it is put elsewhere."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from selfassess.store.draft import Draft

SIZE = 64 * 1024 * 1024
READ = """
from selfassess.store.evidence_file import read_file
content = read_file(Path(sys.argv[2]))
"""
TAKE_IN = f"""
{READ}
with Draft.open(Path(sys.argv[1])) as draft:
    draft.attach("1.1", "大.pdf", content)
"""
PUT_ELSEWHERE = """
with Draft.open(Path(sys.argv[1])) as draft, open(sys.argv[2] + ".copy", "wb") as copy:
    draft.copy_evidence(draft.evidence()[0], copy.write)
"""
MEASURED = """
import sys
from pathlib import Path
from selfassess.store import evidence_file
from selfassess.store.draft import Draft
def peak():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
before = peak()
{work}
print(peak() - before)
"""

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks Linux for the peak")


@pytest.fixture
def large(tmp_path):
    file = tmp_path / "大.pdf"
    file.write_bytes(os.urandom(1024 * 1024) * (SIZE // 1024 // 1024))
    return file


def peak_of(work: str, *given: object) -> float:
    """How much memory some work takes, in sizes of the document."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED.format(work=work), *map(str, given)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    return int(done.stdout) * 1024 / SIZE


def test_a_large_document_is_in_memory_once_while_it_is_taken_in_and_in_pieces_afterwards(draft, path, large):
    draft.close()
    assert peak_of(READ, path, large) < 1.25
    assert peak_of(TAKE_IN, path, large) < 1.4
    assert peak_of(PUT_ELSEWHERE, path, large) < 0.4
    assert large.with_name("大.pdf.copy").read_bytes() == large.read_bytes()
    with Draft.open(path) as again:
        assert again.undo() is not None
        assert again.redo() is not None
