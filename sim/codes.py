"""The closed vocabularies of the model and their integer codes in arrays.

The position in a tuple is the code. Source of the terms: the conceptual model in `docs/model.md`.
"""

from __future__ import annotations

from typing import Final

from sim.text import Text

GROUPS: Final = ("G1", "G2", "G3", "G4", "G5", "G6", "G7", "G8")
GROUP_TITLES: Final = {
    "G1": Text("Hemsjukvård i eget boende", "Home care in ordinary housing"),
    "G2": Text("SÄBO", "Care home (SÄBO)"),
    "G3": Text("Korttidsboende", "Short-term care"),
    "G4": Text("LSS-boende", "Disability housing (LSS)"),
    "G5": Text("Palliativa patienter", "Palliative patients"),
    "G6": Text("Gränsfall (tröskelprincipen)", "Borderline (threshold principle)"),
    "G7": Text("Tillfällig vistelse", "Temporary stay"),
    "G8": Text("Barn och övriga", "Children and others"),
}
G1, G2, G3, G4, G5, G6, G7, G8 = range(8)

CLASSES: Final = ("A1", "A2", "A3", "PAL", "ADM", "R", "P")
CLASS_TITLES: Final = {
    "A1": Text("Akut (A1)", "Acute (A1)"),
    "A2": Text("Brådskande (A2)", "Urgent (A2)"),
    "A3": Text("Samma dag (A3)", "Same day (A3)"),
    "PAL": Text("Palliativ symtomkris (PAL)", "Palliative symptom crisis (PAL)"),
    "ADM": Text("Dödsbevis och intyg (ADM)", "Death certificate or vårdintyg (ADM)"),
    "R": Text("Rond (R)", "Round (R)"),
    "P": Text("Planerat (P)", "Planned (P)"),
}
ACUTE: Final = ("A1", "A2", "A3")
UNPLANNED: Final = (*ACUTE, "PAL", "ADM")
PLANNED: Final = ("R", "P")
A1, A2, A3, PAL, ADM, R, P = range(7)

WINDOWS: Final = ("dag", "kväll", "natt", "helg")
WINDOW_TITLES: Final = {
    "dag": Text("dag (vardag 08–17)", "day (office days 08–17)"),
    "kväll": Text("kväll (17–22)", "evening (17–22)"),
    "natt": Text("natt (22–08)", "night (22–08)"),
    "helg": Text("helg (08–22)", "weekend and holiday (08–22)"),
}
DAG, KVALL, NATT, HELG = range(4)

OUTCOMES: Final = ("done", "telephone", "escalated", "cancelled", "open", "referred")
DONE, TELEPHONE, ESCALATED, CANCELLED, OPEN, REFERRED = range(6)

ELSEWHERE: Final = ("vardcentral", "ed", "telephone")  # where a referred request goes
TO_VARDCENTRAL, TO_ED, TO_TELEPHONE = range(3)

FACILITY_KINDS: Final = ("vardcentral", "hospital", "pkt", "sabo", "korttid", "lss")
AGE_GROUPS: Final = ("0-19", "20-64", "65-79", "80+")
