"""The closed vocabularies of the model and their integer codes in arrays.

The position in a tuple is the code. Source of the terms: the conceptual model in `docs/model.md`.
"""

from __future__ import annotations

from typing import Final

from sim.text import Text

GROUPS: Final = ("G1", "G2", "G3", "G4")
GROUP_TITLES: Final = {
    "G1": Text("Hemsjukvård i eget boende", "Home care in ordinary housing"),
    "G2": Text("SÄBO", "Care home (SÄBO)"),
    "G3": Text("Korttidsboende", "Short-term care"),
    "G4": Text("LSS-boende", "Disability housing (LSS)"),
}

CLASSES: Final = ("A1", "A2", "A3", "R", "P")
CLASS_TITLES: Final = {
    "A1": Text("Akut (A1)", "Acute (A1)"),
    "A2": Text("Brådskande (A2)", "Urgent (A2)"),
    "A3": Text("Samma dag (A3)", "Same day (A3)"),
    "R": Text("Rond (R)", "Round (R)"),
    "P": Text("Planerat (P)", "Planned (P)"),
}
ACUTE: Final = ("A1", "A2", "A3")
PLANNED: Final = ("R", "P")
A1, A2, A3, R, P = range(5)

WINDOWS: Final = ("dag", "kväll", "natt", "helg")
WINDOW_TITLES: Final = {
    "dag": Text("dag (vardag 08–17)", "day (office days 08–17)"),
    "kväll": Text("kväll (17–22)", "evening (17–22)"),
    "natt": Text("natt (22–08)", "night (22–08)"),
    "helg": Text("helg (08–22)", "weekend and holiday (08–22)"),
}
DAG, KVALL, NATT, HELG = range(4)

OUTCOMES: Final = ("done", "telephone", "escalated", "cancelled", "open")
DONE, TELEPHONE, ESCALATED, CANCELLED, OPEN = range(5)

FACILITY_KINDS: Final = ("vardcentral", "hospital", "pkt", "sabo", "korttid", "lss")
AGE_GROUPS: Final = ("0-19", "20-64", "65-79", "80+")
