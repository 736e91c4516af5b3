"""Every word of the report, in Swedish and English, in one place; `say` finds and fills them in.

Measures keep the titles of `sim.measures`; here stand only the short, plain ones that a decision maker reads first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sim.language.units import as_shown, of_difference
from sim.measures.definitions import HEADLINES, definition
from sim.text import Text


@dataclass(frozen=True)
class Shown:
    """How a measure is shown: short title, what it means in plain words, decimals; the unit follows its definition."""

    measure: str
    class_: str
    title: Text
    meaning: Text
    digits: int

    @property
    def factor(self) -> float:
        """From the unit of the table to the unit shown: shares become per cent, yearly sums millions."""
        return as_shown(definition(self.measure).unit)[0]

    @property
    def unit(self) -> Text:
        return as_shown(definition(self.measure).unit)[1].short

    @property
    def difference_unit(self) -> Text:
        """The unit of a difference: percentage points where the measure is a share."""
        return of_difference(definition(self.measure).unit)[1].short


_DIGITS: Final = {
    "SEK/year": 2, "SEK": 0, "index": 3, "per hour": 2, "h/year": 0, "km/year": 0, "kg/year": 0, "days/year": 0,
}  # fmt: skip

_PLAIN: Final[dict[str, tuple[Text, Text, int]]] = {
    "requests": (Text("Behov per år", "Requests a year"), Text("anmälda behov", "requests logged"), 0),
    "response_min": (
        Text("Svarstid", "Response time"),
        Text(
            "från att besöket beställts till att läkaren är på plats, medel",
            "from the visit being ordered until the physician arrives, mean",
        ),
        1,
    ),
    "response_p90_min": (
        Text("Svarstid för nio av tio", "Response time, nine in ten"),
        Text(
            "så länge väntar högst nio av tio; de som ger upp räknas som oändligt långa",
            "nine in ten wait at most this long; those who give up count as infinitely long",
        ),
        1,
    ),
    "in_target": (
        Text("Inom målet", "Within target"),
        Text(
            "andel av de beställda besöken som får läkare inom måltiden",
            "share of ordered visits reached within the target time",
        ),
        1,
    ),
    "escalated": (
        Text("Gav upp väntan", "Gave up waiting"),
        Text(
            "andel av alla behov, även de lösta per telefon, som i stället fick ambulans, akutmottagning eller "
            "vårdavdelning innan någon läkare gett sig av",
            "share of all needs, also those solved by telephone, that ended with an ambulance, an emergency "
            "department or a ward before any physician had set out",
        ),
        1,
    ),
    "gap_response_min": (
        Text("Kommunskillnad i svarstid", "Gap between municipalities"),
        Text(
            "svarstid i den långsammaste kommunen minus den snabbaste",
            "response in the slowest municipality minus the fastest",
        ),
        1,
    ),
    "travel_min_per_visit": (
        Text("Restid per besök", "Travel per visit"),
        Text(
            "all körning, hemresor inräknade, delad på antalet besök",
            "all driving, legs home included, divided by the number of visits",
        ),
        1,
    ),
    "utilisation": (
        Text("Läkarbelastning", "Physician load"),
        Text(
            "körning, patienttid, dokumentation och telefon som andel av schemalagd tid",
            "driving, patient time, documentation and telephone as a share of scheduled time",
        ),
        1,
    ),
    "overtime_h_per_week": (
        Text("Övertid", "Overtime"),
        Text(
            "timmar i veckan efter passets slut, alla läkare tillsammans",
            "hours a week after the end of the shift, all physicians together",
        ),
        1,
    ),
    "on_promised_day": (
        Text("I tid, planerat", "On time, planned"),
        Text(
            "andel ronder och planerade besök som görs inom utlovad tid",
            "share of rounds and planned visits made by the promised day",
        ),
        1,
    ),
    "days_to_visit": (
        Text("Dygn till besök", "Days to visit"),
        Text("från behov till besök, medel", "from need to visit, mean"),
        1,
    ),
    "queue_min": (
        Text("Kötid", "Queue time"),
        Text(
            "från att besöket beställts till att läkaren ger sig av, medel",
            "from the visit being ordered until the physician sets out, mean",
        ),
        1,
    ),
    "response_logged_min": (
        Text("Svarstid från anmälan", "Response time from the call"),
        Text(
            "från anmälan till att läkaren är på plats, bedömningen inräknad, medel",
            "from the call until the physician arrives, triage included, mean",
        ),
        1,
    ),
    "waiting_h_per_year": (
        Text("Patienternas väntan", "Patients' waiting"),
        Text(
            "alla oplanerade patienters väntan på läkaren tillsammans",
            "the time that all unplanned patients wait for the physician, together",
        ),
        0,
    ),
    "upc": (
        Text("Kontinuitet, vanligaste läkaren (UPC)", "Continuity, usual physician (UPC)"),
        Text(
            "andel av en patients besök som den vanligaste läkaren gjorde, 0–1; patienter med minst tre besök",
            "share of a patient's visits made by the most usual physician, 0–1; patients with at least three visits",
        ),
        2,
    ),
    "coc": (
        Text("Kontinuitet, få läkare (COC)", "Continuity, few physicians (COC)"),
        Text(
            "1 när samma läkare gjort alla en patients besök, 0 när alla gjordes av olika; minst tre besök",
            "1 when one physician made all of a patient's visits, 0 when each was made by another; three or more",
        ),
        2,
    ),
    "nights_disturbed": (
        Text("Störda nätter", "Nights disturbed"),
        Text(
            "andel av nattpassen då läkaren var ute eller skötte ett samtal mellan 00 och 05",
            "share of night shifts in which the physician was out or had a call between 00 and 05",
        ),
        1,
    ),
    "hours_per_week": (
        Text("Läkartimmar i tjänst", "Physician-hours on duty"),
        Text("schemalagd tid utom betald vila efter jour", "scheduled time without paid rest after duty"),
        1,
    ),
    "by_named": (
        Text("Av fast läkare", "By the named physician"),
        Text(
            "andel av stoppen hos listade patienter och hem som den fasta läkarkontakten gjorde",
            "share of stops with listed patients and homes that were made by the named physician",
        ),
        1,
    ),
    "rest_breaches": (
        Text("Brott mot dygnsvilan", "Breaches of daily rest"),
        Text(
            "gånger då en läkare fick mindre än 11 timmars vila på ett dygn, alla läkare tillsammans",
            "times that a physician had less than 11 hours of rest in a day, all physicians together",
        ),
        1,
    ),
    "cost_region": (
        Text("Regionens kostnad*", "The region's cost*"),
        Text(
            "läkare, bil, ambulans, akutmottagning, palliativ avdelning och vårdcentral",
            "physicians, cars, ambulance, emergency department, palliative ward and vårdcentral",
        ),
        2,
    ),
    "cost_municipalities": (
        Text("Kommunernas kostnad*", "The municipalities' cost*"),
        Text("sjuksköterskornas tid vid läkarbesöken", "the nurses' time at the physician's visits"),
        2,
    ),
}


def shown(measure: str, class_: str = "all") -> Shown:
    """The plain words of a measure; its own title where there are none."""
    item = definition(measure)
    title, meaning, digits = _PLAIN.get(measure) or (item.title, item.formula, _DIGITS.get(item.unit, 1))
    if class_ == "acute" and measure != "gap_response_min":
        title = Text(f"{title.sv}, akuta", f"{title.en}, acute")
    return Shown(measure, class_, title, meaning, digits)


HEADLINE: Final = tuple(shown(measure, class_) for measure, class_ in HEADLINES)
# The first table: what verdicts are spoken of, then continuity, rest and the two payers.
MAIN: Final = (*HEADLINE, *(shown(m) for m in ("by_named", "rest_breaches", "cost_region", "cost_municipalities")))
# What the first table leaves out, by subject.
MORE: Final[tuple[tuple[Text, tuple[Shown, ...]], ...]] = (
    (
        Text("Tillgänglighet", "Access"),
        (
            shown("response_p90_min", "acute"), shown("queue_min", "acute"), shown("response_logged_min", "acute"),
            shown("waiting_h_per_year"), shown("days_to_visit", "planned"), shown("broken_promises", "planned"),
            shown("not_reached_per_year", "planned"), shown("conveyed_per_year"),
        ),
    ),
    (
        Text("Kontinuitet", "Continuity"),
        (shown("by_named", "acute"), shown("by_own_vardcentral"), shown("upc"), shown("coc")),
    ),
    (
        Text("Arbetstid", "Working time"),
        (
            shown("hours_per_week"), shown("visits_per_hour"), shown("stops_per_hour"), shown("visits_per_shift"),
            shown("nights_disturbed"), shown("longest_stretch_h"), shown("long_days"), shown("long_weeks"),
            shown("clinic_h_per_week"), shown("contractor_h_per_year"), shown("load_spread"), shown("hours_gini"),
        ),
    ),
    (
        Text("Jämlikhet mellan kommunerna", "Equity between municipalities"),
        (shown("gap_in_target", "acute"), shown("gini_response", "acute"), shown("gini_in_target", "acute")),
    ),
    (Text("Körning och miljö", "Driving and environment"), (shown("km_per_visit"), shown("km_per_year"),
                                                            shown("co2_kg_per_year"))),
    (
        Text("Kostnader (uppskattade priser)", "Costs (estimated prices)"),
        (
            shown("cost_physicians"), shown("cost_contractor"), shown("cost_travel"), shown("cost_transports"),
            shown("cost_ed"), shown("cost_ward"), shown("cost_vardcentral"), shown("cost_total"),
            shown("cost_per_visit"),
        ),
    ),
)  # fmt: skip


_W: Final[dict[str, Text]] = {
    # --- on every sheet ---
    "illustrative": Text("Illustrativa indata", "Illustrative input data"),
    "footer": Text(
        "{study} · hembesok {version} · slumpfrö {seed} · n = {n} upprepningar",
        "{study} · hembesok {version} · seed {seed} · n = {n} replications",
    ),
    "footer_one": Text(
        "{study} · hembesok {version} · slumpfrö {seed} · n = 1 upprepning: inga intervall",
        "{study} · hembesok {version} · seed {seed} · n = 1 replication: no intervals",
    ),
    "county": Text("Hela regionen", "Whole region"),
    "no_visits": Text("inga besök att visa", "no visits to show"),
    "no_value": Text("– inget värde", "– no value"),
    "no_takeaway": Text("Det finns inga värden att sammanfatta.", "There are no values to sum up."),
    "one_model": Text(
        "En enda modell är körd: det finns inget att jämföra med.",
        "A single model was run: there is nothing to compare with.",
    ),
    "nothing_to_compare": Text("inget att jämföra", "nothing to compare"),
    "better_lower": Text("← lägre är bättre", "← lower is better"),
    "better_higher": Text("högre är bättre →", "higher is better →"),
    "better_none": Text("varken högre eller lägre är bättre", "neither direction is better"),
    "better_corner": Text("bättre", "better"),
    # --- response curves ---
    "curves_municipality_title": Text(
        "Hur snart läkaren kommer, kommun för kommun", "How soon the physician comes, by municipality"
    ),
    "curves_municipality_sub": Text(
        "Akuta besök (A1–A3). Tjock linje nerifrån: andel som fått läkare på plats. Tunn linje uppifrån: andel som "
        "gett upp väntan. "
        "Mellanrummet väntar än. Streckade lodlinjer: måltiderna.",
        "Acute visits (A1–A3). Thick line from below: share with a physician on site. Thin line from above: share "
        "who gave up waiting. "
        "The gap between still waits. Dashed verticals: the target times.",
    ),
    "curves_municipality_read": Text(
        "Ju brantare tjock linje, desto snabbare kommer läkaren; en tunn linje som sjunker under 100 % visar "
        "patienter som i stället "
        "fått ambulans eller sökt akutmottagning.",
        "The steeper the thick line, the sooner the physician comes; a thin line that falls below 100% shows "
        "patients who went by "
        "ambulance or to an emergency department instead.",
    ),
    "curves_class_title": Text(
        "Hur snart läkaren kommer, efter hur bråttom det är", "How soon the physician comes, by urgency"
    ),
    "curves_class_sub": Text(
        "Hela regionen. Tjock linje nerifrån: andel som fått läkare på plats. Tunn linje uppifrån: andel som gett "
        "upp väntan. "
        "Mellanrummet väntar än.",
        "Whole region. Thick line from below: share with a physician on site. Thin line from above: share who gave "
        "up waiting. "
        "The gap between still waits.",
    ),
    "curves_class_read": Text(
        "Läs av den tjocka linjen där den möter den streckade mållinjen: så stor andel fick läkare inom målet.",
        "Read the thick line where it meets the dashed target line: that share was reached within the target.",
    ),
    "curves_x": Text("minuter sedan besöket beställdes", "minutes since the visit was ordered"),
    "curves_y": Text("andel av beställda besök", "share of ordered visits"),
    "curves_escalated": Text("tunn linje: gav upp (uppifrån)", "thin line: gave up (from above)"),
    "target_word": Text("mål", "target"),
    "target_line": Text("{name} {minutes} min", "{name} {minutes} min"),
    "curves_take": Text(
        "Efter {minutes} minuter har {model} nått störst andel av de akuta, {share} ({others}).",
        "After {minutes} minutes {model} has reached the largest share of acute visits, {share} ({others}).",
    ),
    "curves_take_one": Text(
        "Efter {minutes} minuter har {model} nått {share} av de akuta.",
        "After {minutes} minutes {model} has reached {share} of acute visits.",
    ),
    "curves_take_place": Text(
        "Med {model} är andelen lägst i {low} ({low_share}) och högst i {high} ({high_share}).",
        "Under {model} the share is lowest in {low} ({low_share}) and highest in {high} ({high_share}).",
    ),
    "curves_class_take": Text(
        "{cls}: störst andel nådd inom {minutes} minuter har {model} ({share}).",
        "{cls}: {model} has reached the largest share within {minutes} minutes ({share}).",
    ),
    # --- class targets ---
    "classes_title": Text("Svarstid mot mål", "Response time against target"),
    "classes_sub": Text(
        "Hela regionen, medel över upprepningarna. Minuter från det att besöket beställdes.",
        "Whole region, mean over the replications. Minutes since the visit was ordered.",
    ),
    "classes_read": Text(
        "Fylld markör är medelsvarstiden, öppen markör den tid som högst nio av tio väntar; ligger den öppna "
        "markören till vänster om "
        "den streckade linjen hålls målet för nio av tio.",
        "A filled mark is the mean response, an open mark the time that nine in ten wait at most; when the open "
        "mark lies left of the "
        "dashed line, the target is kept for nine in ten.",
    ),
    "classes_mean": Text("medel", "mean"),
    "classes_p90": Text("nio av tio väntar högst (90:e percentilen)", "nine in ten wait at most (90th percentile)"),
    "classes_target": Text("mål", "target"),
    "classes_never": Text("över en av tio\nnås aldrig", "over one in ten\nnever reached"),
    "classes_x": Text("minuter", "minutes"),
    "classes_take": Text(
        "{cls}: nio av tio nås inom målet {minutes} min med {models}.",
        "{cls}: nine in ten are reached within the target of {minutes} min under {models}.",
    ),
    "classes_take_none": Text(
        "{cls}: ingen modell når nio av tio inom målet, {minutes} min.",
        "{cls}: no model reaches nine in ten within the target of {minutes} min.",
    ),
    # --- paired differences ---
    "differences_title": Text("Skillnad mot {reference}", "Difference from {reference}"),
    "differences_sub": Text(
        "Samma patienter under varje modell. Markör: skillnad; streck: intervall, justerat för att många "
        "jämförelser görs. "
        "Grått: så liten skillnad att den saknar praktisk betydelse.",
        "The same patients under every model. Mark: difference; bar: interval, adjusted for the number of comparisons. "
        "Grey: a difference too small to matter in practice.",
    ),
    "differences_read": Text(
        "Ligger hela strecket utanför noll och markören utanför det grå bandet är modellen bättre eller sämre; "
        "ligger hela strecket i "
        "bandet är modellerna praktiskt lika; annars är det oavgjort.",
        "When the whole bar lies clear of zero and the mark outside the grey band, the model is better or worse; "
        "when the whole bar "
        "lies in the band, the models are practically equal; otherwise it is undecided.",
    ),
    "differences_band": Text("praktiskt lika", "practically equal"),
    "differences_take": Text(
        "Av {total} jämförelser med {reference} är {better} bättre, {worse} sämre, {equal} praktiskt lika och "
        "{undecided} oavgjorda.",
        "Of {total} comparisons with {reference}, {better} are better, {worse} worse, {equal} practically equal "
        "and {undecided} undecided.",
    ),
    # --- time use ---
    "time_title": Text("Vart läkartiden går", "Where the physicians' time goes"),
    "time_sub": Text(
        "Tid i tjänst i veckan, alla läkare tillsammans; betald vila efter pass ingår inte.",
        "Time on duty a week, all physicians together; paid rest after shifts is not in it.",
    ),
    "time_read": Text(
        "Varje stapel är en veckas betalda läkartimmar; ju kortare del körning, desto mer finns kvar till "
        "patienter och beredskap.",
        "Each bar is a week of paid physician-hours; the shorter the driving part, the more is left for patients "
        "and stand-by.",
    ),
    "time_x": Text("läkartimmar i veckan", "physician-hours a week"),
    "time_total": Text(
        "{total} h\n  varav {overtime} h övertid\n  och {calls} h telefon",
        "{total} h\n  of which {overtime} h overtime\n  and {calls} h telephone",
    ),
    "driving_share": Text("körning", "driving"),
    "on_scene_share": Text("hos patient", "with patients"),
    "documenting_share": Text("dokumentation", "documentation"),
    "telephone_time_share": Text("telefon", "telephone"),
    "idle_share": Text("beredskap, rast och annat", "stand-by, breaks and other"),
    "time_take": Text(
        "Körning tar från {low_share} av den betalda tiden ({low}) till {high_share} ({high}).",
        "Driving takes from {low_share} of the paid time ({low}) to {high_share} ({high}).",
    ),
    "time_take_one": Text(
        "Körning tar {share} av den betalda tiden ({model}).", "Driving takes {share} of the paid time ({model})."
    ),
    # --- load by hour ---
    "load_title": Text("När det är mycket att göra", "When it is busy"),
    "load_sub": Text(
        "Rutor: hur stor del av läkarna i tjänst som är upptagna, timme för timme. Linjer under: antal läkare i "
        "tjänst. "
        "Snedstreckat: ingen i tjänst.",
        "Cells: share of the physicians on duty who are busy, hour by hour. Lines beneath: number on duty. "
        "Hatched: nobody on duty.",
    ),
    "load_read": Text(
        "Mörkare ruta betyder att fler av dem som är i tjänst är upptagna; jämför med linjerna under, som visar "
        "hur många de är.",
        "A darker cell means that more of those on duty are busy; compare with the lines beneath, which show how "
        "many they are.",
    ),
    "load_bar": Text("upptagna av dem i tjänst", "busy, of those on duty"),
    "load_weekday": Text("i tjänst, medel måndag–fredag", "on duty, mean Monday–Friday"),
    "load_weekend": Text("i tjänst, medel lördag–söndag", "on duty, mean Saturday–Sunday"),
    "load_duty": Text("i tjänst", "on duty"),
    "load_x": Text("klockan", "hour of day"),
    "load_take": Text(
        "Hårdast belastad timme: {model}, {weekday} kl. {hour}, då {share} av läkarna i tjänst är upptagna.",
        "Busiest hour: {model}, {weekday} {hour}, when {share} of the physicians on duty are busy.",
    ),
    # --- map ---
    "map_title": Text("Svarstid i varje kommun", "Response time in each municipality"),
    "map_sub": Text(
        "Akuta besök, medelsvarstid i minuter. Första kartan: {reference}. Övriga: ändring i minuter; minus är "
        "kortare väntan, alltså bättre. "
        "Parentes: ändringen är oavgjord.",
        "Acute visits, mean response in minutes. First map: {reference}. Others: change in minutes; minus is a "
        "shorter wait, so better. "
        "Brackets: the change is undecided.",
    ),
    "map_read": Text(
        "Blått är kortare väntan än i referensen, brunt längre och vitt ungefär lika; talet i varje kommun är minuter.",
        "Blue is a shorter wait than under the reference, brown a longer one and white about the same; the number "
        "in each municipality is minutes.",
    ),
    "map_level": Text("minuter", "minutes"),
    "map_change": Text("ändring i minuter (minus är bättre)", "change in minutes (minus is better)"),
    "map_take": Text(
        "{model}: från {low_change} min i {low} till {high_change} min i {high}.",
        "{model}: from {low_change} min in {low} to {high_change} min in {high}.",
    ),
    "map_take_same": Text(
        "{model}: omkring {low_change} min i alla kommuner.", "{model}: about {low_change} min in every municipality."
    ),
    # --- trade-off ---
    "tradeoff_title": Text("Snabbt eller nära: avvägningen", "Quick or near: the trade-off"),
    "tradeoff_sub": Text(
        "Hela regionen. Markör: medel; streck: intervall för medel över upprepningarna. Lodrätt: körning delad på "
        "besök.",
        "Whole region. Mark: mean; bars: interval of the mean over the replications. Upright: driving divided by "
        "visits.",
    ),
    "tradeoff_read": Text(
        "Längre ner och längre till vänster är bättre: läkaren kommer snabbare och kör mindre för varje besök.",
        "Further down and further left is better: the physician comes sooner and drives less for every visit.",
    ),
    "tradeoff_x": Text(
        "svarstid för akuta besök, minuter   (← bättre)", "response to acute visits, minutes   (← better)"
    ),
    "tradeoff_y": Text("restid per besök, minuter   (↓ bättre)", "travel per visit, minutes   (↓ better)"),
    "tradeoff_label": Text(
        "{model}\nbelastning {load}, övertid {overtime} h/vecka", "{model}\nload {load}, overtime {overtime} h/week"
    ),
    "tradeoff_take": Text(
        "Kortast svarstid har {quick} ({minutes} min); minst restid per besök har {near} ({travel} min).",
        "{quick} has the shortest response ({minutes} min); {near} travels least per visit ({travel} min).",
    ),
    "tradeoff_take_same": Text(
        "{quick} har både kortast svarstid ({minutes} min) och minst restid per besök ({travel} min).",
        "{quick} has both the shortest response ({minutes} min) and the least travel per visit ({travel} min).",
    ),
    # --- the page ---
    "page_question": Text("Frågan", "The question"),
    "page_default_question": Text(
        "Vad händer med svarstid, resor och läkarbelastning om hembesöken organiseras på olika sätt?",
        "What happens to response time, travel and physician load when home visits are organised in different ways?",
    ),
    "page_default_title": Text("Läkare i hemmet: modeller jämförda", "Physicians at home: models compared"),
    "page_banner": Text(
        "{share} av antagandena ({estimates} av {total}) är uppskattningar, inte mätningar. Siffrorna visar hur "
        "modellerna skiljer sig åt under dessa "
        "antaganden; de är ingen prognos och inga fakta om dagens vård. Byt in egna siffror före beslut.",
        "{share} of the assumptions ({estimates} of {total}) are estimates, not measurements. The figures show how "
        "the models differ under these "
        "assumptions; they are no forecast and no facts about today's care. Put in your own numbers before deciding.",
    ),
    "page_estimated": Text("{share} av antagandena är uppskattningar", "{share} of the assumptions are estimates"),
    "page_skip": Text("Gå till resultaten", "Skip to the results"),
    "page_contents": Text("Innehåll", "Contents"),
    "page_verdicts": Text("Vad jämförelsen visar", "What the comparison shows"),
    "page_rest": Text(
        "Visa {n} mått som är praktiskt lika eller oavgjorda",
        "Show {n} measures that are practically equal or undecided",
    ),
    "page_no_verdicts": Text("Det finns inga jämförelser att redovisa.", "There are no comparisons to report."),
    "page_words": Text(
        "”Bättre” och ”sämre” sägs bara när skillnaden är säkerställd och stor nog att spela roll. ”Praktiskt "
        "lika”: skillnaden är säkert "
        "mindre än så. ”Oavgjort”: fler upprepningar behövs, eller så ligger skillnaden på gränsen.",
        "“Better” and “worse” are said only when the difference is established and large enough to matter. "
        "“Practically equal”: the "
        "difference is surely smaller than that. “Undecided”: more replications are needed, or the difference is "
        "on the borderline.",
    ),
    "page_summary": Text("Sammanfattning", "Summary"),
    "page_summary_caption": Text(
        "Huvudmåtten för hela regionen: medel över {n} upprepningar med {level}-intervall. Ordet under talet "
        "jämför med {reference}.",
        "The headline measures for the whole region: mean over {n} replications with {level} interval. The word "
        "beneath compares with {reference}.",
    ),
    "page_caption_one": Text(
        "Huvudmåtten för hela regionen. En enda upprepning är körd, så inga intervall kan räknas.",
        "The headline measures for the whole region. A single replication was run, so no intervals can be computed.",
    ),
    "page_priced": Text(
        "* vilar på uppskattade priser och andelar; se Antaganden.",
        "* rests on estimated prices and shares; see Assumptions.",
    ),
    "page_more": Text("Visa {n} mått till", "Show {n} more measures"),
    "page_more_caption": Text(
        "Övriga mått för hela regionen, medel över upprepningarna.",
        "The other measures for the whole region, mean over the replications.",
    ),
    "page_measure": Text("Mått", "Measure"),
    # --- Regionen and Kommunerna ---
    "page_consequences": Text("Vad det betyder för Regionen och Kommunerna", "What it means for each payer"),
    "page_consequences_lead": Text(
        "Plus är mer och minus mindre än med {reference}, för samma patienter under ett år. Asterisk (*): talet "
        "vilar på ett uppskattat pris eller en uppskattad andel; även de övriga bygger på uppskattade behov. Ingen "
        "undviken inläggning är inräknad. Läkartimmar är tid i tjänst: de timmar som är lika många i alla modeller "
        "innefattar också betald vila efter jour.",
        "Plus is more and minus less than under {reference}, for the same patients during a year. Asterisk (*): the "
        "number rests on an estimated price or share; the others too are built on estimated needs. No avoided "
        "admission is counted. Physician-hours are time on duty: the hours that are equally many under all models "
        "include paid rest after duty too.",
    ),
    "sums_caption": Text(
        "Skillnad i kostnad per år jämfört med {reference}, med intervall",
        "Difference in cost per year from {reference}, with interval",
    ),
    "sums_together": Text("Tillsammans", "Together"),
    "consequences_caption": Text(
        "{term}: värdet i jämförelsemodellen, och varje modells skillnad från det med {level}-intervall",
        "{term}: the value under the reference, and each model's difference from it with {level} interval",
    ),
    "page_consequence": Text("Konsekvens", "Consequence"),
    "page_value_of": Text("{model}, värde", "{model}, value"),
    "page_difference_of": Text("{model}, skillnad", "{model}, difference"),
    # --- what was not visited ---
    "page_endings": Text("Vad som hände med behoven", "What became of the needs"),
    "page_endings_lead": Text(
        "Alla behov leder inte till ett hembesök. Tabellen följer ett års behov till slutet: de tal som står efter "
        "varandra i de två första delarna har summan i första raden.",
        "Not every need leads to a home visit. The table follows a year's needs to their end: the numbers of the first "
        "two parts sum to the first row.",
    ),
    "endings_caption": Text(
        "Behov per år i hela regionen, medel över upprepningarna; i parentes andel av alla behov",
        "Needs a year in the whole region, mean over the replications; in brackets share of all needs",
    ),
    "page_ending": Text("Vad som hände", "What happened"),
    "ending_without": Text("Utan besök", "Without a visit"),
    "ending_gave_up": Text("De som gav upp väntan, efter klass", "Those who gave up waiting, by class"),
    "ending_gave_up_means": Text("i parentes andel av klassens behov", "in brackets share of the needs of the class"),
    "ending_all": Text("Alla behov", "All needs"),
    "ending_all_means": Text("en rond räknas som ett behov", "a round counts as one need"),
    "ending_visited": Text("Fick besök", "Visited"),
    "ending_visited_means": Text("läkaren var på plats", "the physician was on site"),
    "ending_telephone": Text("Löstes per telefon", "Solved by telephone"),
    "ending_telephone_means": Text("läkaren hjälpte utan att åka", "the physician helped without going"),
    "ending_referred_to_vardcentral": Text("Hänvisades till vårdcentral", "Referred to vårdcentral"),
    "ending_referred_to_vardcentral_means": Text(
        "togs inte emot: under tröskeln eller tillfällig vistelse",
        "not accepted: below the threshold or temporary stay",
    ),
    "ending_referred_to_ed": Text("Hänvisades till akutmottagning", "Referred to emergency department"),
    "ending_referred_to_ed_means": Text("togs inte emot", "not accepted"),
    "ending_referred_to_telephone": Text("Hänvisades till rådgivning", "Referred to advice by telephone"),
    "ending_referred_to_telephone_means": Text("togs inte emot; 1177 eller liknande", "not accepted; 1177 or the like"),
    "ending_cancelled": Text("Återtogs", "Cancelled"),
    "ending_cancelled_means": Text(
        "patienten lämnade vården i hemmet innan någon kom", "the patient left care at home before anyone came"
    ),
    "ending_escalated": Text("Gav upp väntan", "Gave up waiting"),
    "ending_escalated_means": Text(
        "ambulans, akutmottagning eller palliativ avdelning i stället",
        "ambulance, emergency department or palliative ward instead",
    ),
    "ending_open": Text("Väntade än vid årets slut", "Still waiting at the end"),
    "ending_open_means": Text(
        "öppna när perioden slutade, planerade besök inräknade", "open when the period ended, planned visits included"
    ),
    "ending_escalated_A1": Text("Akut (A1)", "Acute (A1)"),
    "ending_escalated_A1_means": Text("ambulans till akutmottagning", "ambulance to an emergency department"),
    "ending_escalated_A2": Text("Brådskande (A2)", "Urgent (A2)"),
    "ending_escalated_A2_means": Text("sökte akutmottagning", "went to an emergency department"),
    "ending_escalated_A3": Text("Samma dag (A3)", "Same day (A3)"),
    "ending_escalated_A3_means": Text("sökte akutmottagning", "went to an emergency department"),
    "ending_escalated_PAL": Text("Palliativ symtomkris (PAL)", "Palliative symptom crisis (PAL)"),
    "ending_escalated_PAL_means": Text("palliativ avdelning", "palliative ward"),
    "page_reference": Text("jämförelsemodell", "reference"),
    "page_dash": Text(
        "Tecknet – betyder att värdet inte kan räknas: det finns inga sådana besök, eller (för ”nio av tio”) fler "
        "än en av tio fick aldrig "
        "någon läkare.",
        "The sign – means that the value cannot be computed: there are no such visits, or (for “nine in ten”) more "
        "than one in ten were never reached.",
    ),
    "page_figures": Text("Bilderna", "The figures"),
    "page_how": Text("Så läser du bilden:", "How to read it:"),
    "page_take": Text("Det visar den:", "What it shows:"),
    "page_scroll": Text("Bild, går att rulla i sidled", "Figure, can be scrolled sideways"),
    "page_table_scroll": Text("Tabell, går att rulla i sidled", "Table, can be scrolled sideways"),
    "page_municipalities": Text("Kommun för kommun", "Municipality by municipality"),
    "page_municipalities_caption": Text(
        "Akuta besök efter patientens kommun, medel över upprepningarna.",
        "Acute visits by the patient's municipality, mean over the replications.",
    ),
    "page_municipality": Text("Kommun", "Municipality"),
    "page_groups": Text("Efter patientgrupp", "By patient group"),
    "page_groups_caption": Text(
        "Hela regionen efter patientgrupp, medel över upprepningarna.",
        "Whole region by patient group, mean over the replications.",
    ),
    "page_group": Text("Patientgrupp", "Patient group"),
    "page_register": Text("Visa alla {n} antaganden", "Show all {n} assumptions"),
    "page_classes": Text("Efter hur bråttom det är", "By urgency"),
    "page_classes_caption": Text(
        "Hela regionen efter klass, medel över upprepningarna.", "Whole region by class, mean over the replications."
    ),
    "page_class": Text("Klass", "Class"),
    "page_target": Text("mål {minutes} min", "target {minutes} min"),
    "page_compared": Text("Vad som jämförs", "What is compared"),
    "page_compared_lead": Text(
        "Alla modeller möter samma patienter, med samma behov vid samma minut, och har lika många läkartimmar "
        "(inom 1 %), betald vila efter jour inräknad.",
        "All models meet the same patients, with the same needs at the same minutes, and have equally many "
        "physician-hours (within 1%), paid rest after duty included.",
    ),
    "page_compared_caption": Text("Modellerna och deras bemanning", "The models and their staffing"),
    "page_model": Text("Modell", "Model"),
    "page_description": Text("Beskrivning", "Description"),
    "page_hours": Text("Läkartimmar i veckan", "Physician-hours a week"),
    "page_physicians": Text("Läkare", "Physicians"),
    "page_pools": Text("Grupper av läkare", "Groups of physicians"),
    "page_assumptions": Text("Antaganden", "Assumptions"),
    "page_assumptions_caption": Text(
        "Alla antaganden om omvärlden: {share} av dem är uppskattningar. Källorna återges på det språk de skrevs.",
        "All assumptions about the world: {share} of them are estimates. Sources are given as written.",
    ),
    "page_assumption": Text("Antagande", "Assumption"),
    "page_value": Text("Värde", "Value"),
    "page_low": Text("Lågt", "Low"),
    "page_high": Text("Högt", "High"),
    "page_unit": Text("Enhet", "Unit"),
    "page_quality": Text("Kvalitet", "Quality"),
    "page_source": Text("Källa", "Source"),
    "page_changed": Text("ändrat från {default}", "changed from {default}"),
    "page_outside": Text("utanför det troliga", "outside the plausible range"),
    "page_method": Text("Metoden i korthet", "The method in brief"),
    "page_repro": Text("Så görs körningen om", "How to repeat the run"),
    "page_repro_caption": Text(
        "Uppgifter som behövs för att få samma siffror igen", "What is needed to get the same numbers again"
    ),
    "page_fact": Text("Uppgift", "Fact"),
    "page_travel": Text("Resor", "Travel"),
    "repro_version": Text("Programversion", "Program version"),
    "repro_seed": Text("Slumpfrö", "Seed"),
    "repro_replications": Text("Upprepningar", "Replications"),
    "repro_period": Text("Period", "Period"),
    "repro_period_value": Text(
        "{weeks} veckor från {start}, efter {warm_up} veckors uppvärmning",
        "{weeks} weeks from {start}, after {warm_up} weeks of warm-up",
    ),
    "repro_region": Text("Region", "Region"),
    "repro_status": Text("Status", "Status"),
    "repro_command": Text("Kommando", "Command"),
    "repro_engine": Text("Beräkningsmotor", "Engine"),
    "repro_begun": Text("Startad", "Begun"),
    "repro_seconds": Text("Beräkningstid", "Computing time"),
    "repro_git": Text("Källkod", "Source code"),
    "repro_python": Text("Programbibliotek", "Libraries"),
    "repro_tape": Text(
        "Kontrollsumma för patienterna i första upprepningen", "Checksum of the patients of the first replication"
    ),
    "repro_dirty": Text("med ändringar som inte sparats", "with uncommitted changes"),
}

STATUSES: Final = {
    "complete": Text("fullständig", "complete"),
    "incomplete": Text("några upprepningar misslyckades", "some replications failed"),
    "interrupted": Text("avbruten", "interrupted"),
}

METHOD: Final[tuple[tuple[Text, Text], ...]] = (
    (
        Text("Simulering.", "Simulation."),
        Text(
            "Ett datorprogram spelar upp ett år, minut för minut: behov uppstår, besök beställs, läkare kör, "
            "behandlar och dokumenterar.",
            "A computer program plays out a year, minute by minute: needs arise, visits are ordered, physicians "
            "drive, treat and document.",
        ),
    ),
    (
        Text("Samma patienter.", "The same patients."),
        Text(
            "Varje upprepning drar nya patienter och behov av slumpen, men alla modeller i en upprepning möter "
            "exakt samma "
            "(gemensamma slumptal). Därför jämförs modellerna par för par, och små skillnader syns med få "
            "upprepningar.",
            "Each replication draws new patients and needs at random, but all models in a replication meet exactly "
            "the same ones "
            "(common random numbers). The models are therefore compared pair by pair, and small differences show "
            "with few replications.",
        ),
    ),
    (
        Text("Uppvärmning.", "Warm-up."),
        Text(
            "Körningen börjar med {warm_up} veckor som inte räknas, så att köerna inte är tomma när räkningen "
            "börjar. Därefter räknas {weeks} veckor.",
            "The run begins with {warm_up} weeks that are not counted, so that the queues are not empty when "
            "counting begins. Then {weeks} weeks are counted.",
        ),
    ),
    (
        Text("Osäkerhet.", "Uncertainty."),
        Text(
            "Ett {level}-intervall är det spann som skillnaden rimligen ligger i, sett till slumpen mellan "
            "upprepningarna. När många "
            "jämförelser görs samtidigt blir någon lätt ”säkerställd” av en slump; intervallen är därför breddade "
            "med Holms metod. "
            "Osäkerheten i själva antagandena ingår inte.",
            "A {level} interval is the range in which the difference plausibly lies, given chance between "
            "replications. When many comparisons "
            "are made at once, some easily look “established” by chance; the intervals are therefore widened by "
            "Holm's method. "
            "The uncertainty of the assumptions themselves is not included.",
        ),
    ),
    (
        Text("Praktisk betydelse.", "Practical meaning."),
        Text(
            "Hur stor en skillnad måste vara för att spela roll bestämdes före körningen och står bland antagandena.",
            "How large a difference must be to matter was set before the run and stands among the assumptions.",
        ),
    ),
    (
        Text("De som inte väntar kvar.", "Those who do not wait."),
        Text(
            "En patient som ger upp väntan, och får ambulans eller söker akutmottagning, räknas som en miss mot "
            "målet och försvinner inte ur underlaget.",
            "A patient who gives up waiting, and goes by ambulance or to an emergency department, counts as a miss "
            "against the target and does not vanish.",
        ),
    ),
)


def say(key: str, lang: str, **values: object) -> str:
    """The words of `key` in `lang` with `values` filled in. Raises KeyError for an unknown key."""
    return _W[key].get(lang).format(**values)
