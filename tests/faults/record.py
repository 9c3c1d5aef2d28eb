"""Plays a scene behind the shim and writes down what it does to the disk: ``record.py SCENE FOLDER LOG``."""

from __future__ import annotations

import sys
from pathlib import Path

from disk import Shim
from rescue_scenes import ALL


def main() -> None:
    scene, folder, log = ALL[sys.argv[1]], Path(sys.argv[2]), Path(sys.argv[3])
    shim = Shim(folder)
    with shim.recording(log):
        scene.act(folder, lambda: shim.mark("ack"))


if __name__ == "__main__":
    main()
