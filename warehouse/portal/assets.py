"""The files beside the pages: libraries of others, kept in `vendor` with their licences, and scripts of ours that only some pages load."""

from __future__ import annotations

import shutil
from pathlib import Path

FOLDER = "assets"
HERE = Path(__file__).parent
VENDOR = HERE / "vendor"
OWN = ("portal.css", "portal.js", "charts.js")
LIBRARIES = ("echarts.min.js",)
LICENCES = "licences.txt"


def write(folder: Path) -> None:
    """Make `folder` with everything a page may link to; whoever is handed the portal has the licences, too."""
    folder.mkdir()
    for name in OWN:
        shutil.copyfile(HERE / name, folder / name)
    for name in LIBRARIES:
        shutil.copyfile(VENDOR / name, folder / name)
    texts = (f"{path.name}\n\n{path.read_text(encoding='utf-8').strip()}\n" for path in sorted([*VENDOR.glob("LICENSE-*"), *VENDOR.glob("NOTICE-*")]))
    (folder / LICENCES).write_text("\n".join(texts), encoding="utf-8")
