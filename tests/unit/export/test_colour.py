"""The computed colour profile is one that colour engines accept."""

from __future__ import annotations

import io

from PIL import Image, ImageCms

from selfassess.export.colour import srgb


def test_the_profile_is_read_by_a_colour_engine_and_changes_no_srgb_colour():
    ours = ImageCms.ImageCmsProfile(io.BytesIO(srgb()))
    colours = [(0, 0, 0), (255, 255, 255), (200, 30, 30), (10, 120, 240), (128, 128, 128)]
    before = bytes(part for colour in colours for part in colour)
    image = Image.frombytes("RGB", (len(colours), 1), before)

    turned = ImageCms.profileToProfile(image, ours, ImageCms.createProfile("sRGB"))

    assert turned is not None
    assert all(abs(one - other) <= 1 for one, other in zip(before, turned.tobytes(), strict=True))


def test_the_profile_is_the_same_every_time_and_states_its_own_length():
    assert srgb() == srgb()
    assert int.from_bytes(srgb()[:4], "big") == len(srgb())
