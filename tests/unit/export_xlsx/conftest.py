"""Lets the tests of the workbook share their forms: with importlib mode, a test folder is not importable by itself."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
