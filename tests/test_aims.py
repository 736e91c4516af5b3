"""What a search minimises and what it must hold, as they are written and read."""

from __future__ import annotations

import math

import pytest

import models
from sim.decide.aims import Aim, AimError, Limit, parse_aim, parse_limit
from sim.measures import HEADLINES
from sim.scenario import Scenario
from sim.study.stages import make_stages


def test_a_limit_is_read_with_its_class_its_sign_and_per_cent() -> None:
    assert parse_limit("overtime_h_per_week<=16") == Limit(Aim("overtime_h_per_week", "all"), True, 16.0)
    assert parse_limit(" in_target:A1 >= 95 % ") == Limit(Aim("in_target", "A1"), False, 0.95)
    assert parse_limit("on_promised_day>=0.95") == parse_limit("on_promised_day>=95%")
    assert parse_limit(str(parse_limit("escalated:A1<=0.5%"))) == parse_limit("escalated:A1<=0.005")
    assert parse_aim("response_min") == Aim("response_min", "acute") and parse_aim("in_target").sign == -1.0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("respons_min<=3", "did you mean response_min"),
        ("response_min:A9<=3", "no class A9"),
        ("response_min<3", "is no limit"),
        ("response_min", "is no limit"),
        ("response_min<=1.2.3", "is no limit"),
        ("", "is no limit"),
        ("on_promised_day>=95", "at most 100 %"),
        ("in_target>=200%", "at most 100 %"),
        ("overtime_h_per_week<=16%", "is no share"),
    ],
)
def test_what_cannot_be_read_says_what_to_write(text: str, said: str) -> None:
    with pytest.raises(AimError, match=said):
        parse_limit(text)


def test_a_limit_holds_at_its_bound_and_never_without_a_value() -> None:
    low, high = parse_limit("in_target>=95%"), parse_limit("overtime_h_per_week<=16")
    assert low.holds(0.95) and low.holds(1.0) and not low.holds(0.9499)
    assert high.holds(16.0) and not high.holds(16.01)
    assert high.missed(18.0) == pytest.approx(2.0) and low.missed(0.9) == pytest.approx(0.05)
    assert not low.holds(math.nan) and low.missed(math.nan) == math.inf


def test_an_aim_reads_the_row_of_the_table_that_it_names() -> None:
    scenario = Scenario().with_changes({"calendar.weeks": 1, "calendar.warm_up_weeks": 0, "demand.scale": 0.5})
    made = models.all()[0]
    stages = make_stages(scenario, [made])
    measures = stages.measures(made.name, stages.draw(1))
    table = measures.table
    whole = table[(table["municipality"] == "all") & (table["group"] == "all") & (table["window"] == "all")]
    for name, klass in [*HEADLINES, ("cost_region", "all"), ("response_min", "A2"), ("coc", "all")]:
        row = whole[(whole["measure"] == name) & (whole["class"] == klass)]["value"]
        assert Aim(name, klass).of(measures) == pytest.approx(float(row.iloc[0]), nan_ok=True)
