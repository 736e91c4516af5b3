"""A region of three places as a folder of tables, and a travel matrix for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

TINY = {
    "municipalities.csv": [
        "code,name,population,homecare_enrolled_2023_est",
        "1,Norrby,1000,20",
        "2,Söderby,500,10",
    ],
    "places.csv": [
        "id,name,kind,municipality_code,lat,lon,age_0_19,age_20_64,age_65_79,age_80_plus,radius_km,quality,source",
        "n1,Norrby tätort,locality,1,58.00,13.00,200,400,150,50,1,estimate,invented",
        "n2,Norrby land,rural,1,58.10,13.00,50,100,40,10,4,estimate,invented",
        "s1,Söderby tätort,locality,2,57.90,13.00,100,300,70,30,1,estimate,invented",
    ],
    "facilities.csv": [
        "name,kind,operator,municipality_code,lat,lon,size,listed_people,quality,source",
        "VC Norrby,vardcentral,public,1,58.001,13.001,,,estimate,invented",
        "Ekgården,sabo,public,1,58.09,13.00,30,,estimate,invented",
        "Björken,lss,private,2,57.91,13.00,6,,estimate,invented",
    ],
    "driving_pairs.csv": [
        "origin,destination,gc_km,road_km,minutes,use,quality,source",
        *(f"A,B,{km},{1.2 * km:.2f},{4 + 1.2 * km:.2f},yes,estimate,invented" for km in (3, 5, 10, 20, 40)),
        "A,C,10,,1000,no,estimate,invented",
    ],
}


def write_region(folder: Path, **changes: Any) -> Path:
    """The tiny region with some files changed: `places={line: text}` or `places=None` to leave the file out."""
    folder.mkdir(exist_ok=True)
    for name, lines in TINY.items():
        change = changes.get(name.split(".")[0], {})
        if change is None:
            continue
        lines = [change.get(number, line) for number, line in enumerate(lines, start=1)]
        (folder / name).write_text("".join(f"{line}\n" for line in lines if line != "-"), encoding="utf-8")
    return folder


def write_matrix(path: Path, minutes: float = 15, km: float = 12, header: str = "from,to,minutes,km") -> Path:
    """A matrix of the tiny region: the same between all places."""
    names = ("n1", "n2", "s1")
    lines = [f"{a},{b},{0 if a == b else minutes:g},{0 if a == b else km:g}" for a in names for b in names]
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path
