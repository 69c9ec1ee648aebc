"""Pictures of the screen for the guide, as PNG files of 256 colours that weigh a third."""

from __future__ import annotations

import base64
import struct
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import BrowserContext

COLOURS = 256
# The browser decodes its own picture: pixels as RGBA bytes, row by row, in base64.
_DECODE = """async (data) => {
  const image = await createImageBitmap(await (await fetch(data)).blob());
  const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
  context.drawImage(image, 0, 0);
  const pixels = context.getImageData(0, 0, image.width, image.height).data;
  const parts = [];
  for (let at = 0; at < pixels.length; at += 32766) {
    parts.push(btoa(String.fromCharCode(...pixels.subarray(at, at + 32766))));
  }
  return [image.width, image.height, parts.join("")];
}"""


def save(shot: bytes, path: Path, context: BrowserContext) -> None:
    """Write a screenshot with few colours; an empty page of the context helps to read it."""
    helper = context.new_page()
    encoded = base64.b64encode(shot).decode()
    width, height, pixels = helper.evaluate(_DECODE, f"data:image/png;base64,{encoded}")
    helper.close()
    flat = np.frombuffer(base64.b64decode(pixels), np.uint8).reshape(height * width, 4)
    palette, places = reduced(flat[:, :3])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(png(palette, places.reshape(height, width)))


def reduced(pixels: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The palette (n, 3) and each pixel's place in it; frequent colours stay as they are."""
    wide = pixels.astype(np.int32)
    codes = wide[:, 0] << 16 | wide[:, 1] << 8 | wide[:, 2]
    colours, which, counts = np.unique(codes, return_inverse=True, return_counts=True)
    rgb = np.stack([colours >> 16, colours >> 8 & 255, colours & 255], axis=1)
    kept = rgb[np.argsort(-counts, kind="stable")[:COLOURS]]
    nearest = np.array([np.abs(kept - one).sum(axis=1).argmin() for one in rgb], np.uint8)
    return kept.astype(np.uint8), nearest[which]


def png(palette: NDArray[np.uint8], places: NDArray[np.uint8]) -> bytes:
    """A PNG file of a palette and the places of the pixels in it (height, width)."""
    height, width = places.shape
    rows = np.hstack([np.zeros((height, 1), np.uint8), places]).tobytes()
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = ((b"IHDR", head), (b"PLTE", palette.tobytes()), (b"IDAT", zlib.compress(rows, 9)))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in (*parts, (b"IEND", b"")))


def _chunk(name: bytes, content: bytes) -> bytes:
    check = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)
