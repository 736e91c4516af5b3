"""The specialist providers that stand beside primary care in every model but the central team."""

from __future__ import annotations

from sim.organisation import (
    OFFICE_DAYS,
    Area,
    Days,
    EachFacility,
    Hub,
    Pool,
    Post,
    Principal,
    Shift,
    Text,
)


def palliative_team() -> Pool:
    """Hallands sjukhus, PKT: four teams in office hours. That a physician of each has five hours a day for visits in
    the home is an assumption; the rest goes to consultations, which are not simulated."""
    return Pool(
        "palliativt team",
        Text("Palliativt konsultteam (PKT)", "Palliative team (PKT)"),
        Principal.REGION,
        (Post(EachFacility("pkt"), (Shift(OFFICE_DAYS, "09:00", "14:00"),)),),
        Area.NEAREST_BASE,
    )


def psychiatry() -> Pool:
    """Psychiatry for LSS: an afternoon a week from each of two towns, an assumption."""
    return Pool(
        "psykiatri",
        Text("Psykiatri för LSS", "Psychiatry for LSS"),
        Principal.REGION,
        tuple(Post(Hub(i, 2), (Shift(Days((1 + 2 * i,), office=True), "12:30", "16:30"),)) for i in range(2)),
    )
