"""Small made-up districts that sit on the edges of the Yanzhou rules.

Every choice is drawn so that the smallest draw gives the plainest value: hypothesis then shrinks
a failing case towards one ordinary enterprise with one ordinary project.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st

from tests.oracle.policy import assumed_terms

Row = dict[str, Any]
Rows = dict[str, list[Row]]
Draw = Callable[[Random, int], Any]

WAN = 1_000_000  # fen
# At each threshold, at caps hit exactly, at halves of a fen, a yuan and ten thousand yuan, and
# amounts for which two measures pay the same.
EQUIPMENT = [n * WAN for n in (600, 1000, 500, 550, 800, 1200, 2500, 3000, 5000, 499, 0, 275)] + [
    *(500 * WAN - 1, 500 * WAN + 1, 500 * WAN + 50, 1000 * WAN + 50, 512 * WAN + WAN // 2),
    *(3_333_333_333, 3_333_333_334, 2500 * WAN + 1, 2500 * WAN - 13),
]
ROBOT = [n * WAN for n in (400, 300, 310, 600, 1000, 2000, 150)] + [
    *(300 * WAN - 1, 300 * WAN + 1, 300 * WAN + 10, 300 * WAN + 25, 2000 * WAN + 1, 1_666_666_667),
]
IT = [n * WAN for n in (300, 200, 205, 450, 500, 100, 150)] + [
    *(200 * WAN - 1, 200 * WAN + 1, 200 * WAN + 5, 500 * WAN + 1, 454_545_455),
]
POOLS = [
    (260 * WAN, 160 * WAN, 100 * WAN),
    (260 * WAN, 150 * WAN, 100 * WAN),
    (1200 * WAN, 1200 * WAN, 1200 * WAN),
    (250 * WAN, 250 * WAN),
    (250 * WAN, 250 * WAN + 1),
    (250 * WAN + 1, 250 * WAN),
    (250 * WAN + 1, 250 * WAN + 1),
    (512_345_678, 333_333_333, 212_345_678, 176_543_201),
    (333_333_333, 333_333_333, 333_333_334),
    (3000 * WAN, 4000 * WAN),
    (250 * WAN, 90 * WAN, 160 * WAN + 50),
    (500 * WAN + 1,),
    (900 * WAN, 900 * WAN, 0),
]


def usually(percent: int) -> Draw:
    """True in so many of a hundred cases."""
    return lambda rng, _: rng.randrange(100) < percent


def rarely(percent: int) -> Draw:
    """True in so many of a hundred cases, false when shrunk."""
    return lambda rng, _: rng.randrange(100) >= 100 - percent


def mostly(plain: Any, others: list[Any], percent: int) -> Draw:
    """The plain value in so many of a hundred cases, else one of the others."""
    return lambda rng, _: plain if rng.randrange(100) < percent else rng.choice(others)


def among(values: list[Any]) -> Draw:
    """Any of the values."""
    return lambda rng, _: rng.choice(values)


def some_day(rng: Random, year: int) -> date:
    """A day of the year on which invoices count, or an edge of a window."""
    if rng.randrange(100) < 90:
        first = date(2020, 8, 15) if year == 2020 else date(year, 1, 1)
        return first + timedelta(days=rng.randrange((date(year, 12, 31) - first).days + 1))
    edges = [date(year, 1, 1), date(year, 12, 31), date(year - 1, 12, 31), date(year + 1, 1, 1)]
    edges += [date(2020, 7, 12), date(2020, 7, 13), date(2020, 8, 14), date(2020, 8, 15)]
    return rng.choice([*edges, date(2023, 8, 14), date(2023, 8, 15), date(2021, 6, 1)])


def violation_day(rng: Random, year: int) -> date:
    """A day around both beginnings of 近三年."""
    edges = [date(year - 3, 12, 31), date(year - 2, 1, 1), date(year - 3, 12, 30)]
    return rng.choice([*edges, date(year - 3, 1, 1), date(year - 4, 12, 31), date(year, 5, 6)])


def filing_day(rng: Random, year: int) -> date:
    """Before, in or after the months of the invoices."""
    days = [date(year - 1, 11, 3), date(year, 1, 1), date(2020, 8, 15), date(year, 6, 1)]
    return rng.choice([*days, date(year, 12, 31), date(year + 1, 1, 1)])


GRADES = ["B", "A", "C", "D"]
TERMS: dict[str, dict[str, Draw]] = {
    "enterprise": {
        "registered_region": mostly("370812", ["370811", "370883"], 95),
        "independent_entity": usually(97),
        "credit_status": mostly("good", ["abnormal", "dishonest", "serious", "other"], 94),
        "has_major_violation": rarely(10),
        "major_violation_date": violation_day,
        "well_managed": usually(97),
        "latest_grade": among([*"BBBBAAACCD"]),
        "application_year_grade": mostly("B", GRADES, 50),
        "on_echelon_list": rarely(25),
        "size_class": mostly("small", ["large", "medium", "micro"], 60),
        "locally_recognised_sme": usually(70),
        "taxpayer_type": mostly("general", ["small_scale"], 88),
        "prior_equipment_award": mostly(0, [50 * WAN, 99 * WAN, 100 * WAN, 120 * WAN], 70),
        "prior_robot_award": mostly(0, [50 * WAN, 85 * WAN, 100 * WAN, 120 * WAN], 70),
        "prior_it_award": mostly(0, [20 * WAN, 30 * WAN, 50 * WAN, 60 * WAN], 70),
        "applications_made": mostly(0, [1, 2], 75),
        "applications_accepted": mostly(0, [1, 2], 80),
        "applications_approved": mostly(0, [1, 2], 88),
    },
    "project": {
        "project_in_district": usually(95),
        "application_year": lambda rng, year: year - (rng.randrange(100) >= 92),
        "application_batch": mostly(1, [2], 70),
        "filed": usually(97),
        "in_statistics": usually(93),
        "construction_nature": mostly(
            "retrofit", ["new", "expansion", "relocation", "restoration", "purchase"], 80
        ),
        "planned_total": among([2000 * WAN, 500 * WAN, 500 * WAN - 1, 500 * WAN + 1, 250 * WAN]),
        "declared_equipment": among(EQUIPMENT),
        "declared_robot": mostly(0, ROBOT, 50),
        "declared_software": mostly(0, IT, 50),
        "declared_hardware": mostly(0, [100 * WAN, 50 * WAN, 1], 60),
        "has_other_funds": rarely(15),
        "other_funds_kind": among(["upper", "same_level", "equity", "tax"]),
        "other_funds_amount": among([5 * WAN, 15 * WAN, 100 * WAN, 1, 18 * WAN, 0]),
        "suspected_same_project": rarely(8),
        "confirmed_distinct": usually(50),
        "system_listed": usually(88),
        "system_approved": usually(70),
        "integration_proven": usually(93),
        "integrated_systems": among([2, 1, 3, 0]),
        "quota_exception_approved": rarely(6),
        "chosen_measure": mostly(None, ["equipment", "robot", "informatization"], 80),
        "project_priority": mostly(None, [1, 2, 3], 75),
        "filing_date": filing_day,
        "start_date": lambda rng, year: rng.choice([date(year - 1, 9, 1), date(year, 3, 1)]),
        "end_date": lambda rng, year: rng.choice([date(year + 1, 5, 31), date(year, 10, 31)]),
    },
    "line": {
        "attached": usually(98),
        "date_valid": usually(98),
        "invoice_date": some_day,
        "unit_suspect": rarely(2),
        "void": rarely(2),
        "red_letter": lambda rng, _: False,
        "original_listed": usually(90),
        "arithmetic_ok": usually(98),
        "buyer_matches": usually(98),
        "duplicate_in_project": rarely(2),
        "duplicate_across": rarely(2),
        "item_class": among(["equipment"]),
        "item_kind": among(
            [
                *("other", "transport_install_training", "spare_parts"),
                *("implementation_service", "maintenance", "lease"),
            ]
        ),
        "amount_excl_tax": among([WAN]),
        "amount_incl_tax": among([WAN]),
        "second_hand": rarely(4),
        "related_party": rarely(4),
        "leased": rarely(4),
        "lease_confirmed": usually(50),
        "line_already_paid": rarely(4),
    },
    "consortium": {"led_by_chain_leader": usually(93), "agreement_complete": usually(96)},
    "member": {
        "member_leads": lambda rng, _: False,
        "member_filed": usually(96),
        "member_in_statistics": usually(94),
        "member_declared_equipment": among(
            [260 * WAN, 160 * WAN, 100 * WAN, 250 * WAN, 250 * WAN + 1, 1200 * WAN]
        ),
    },
}
# What an ordinary row says: most rows say it, so that amounts and not refusals are compared.
ORDINARY: dict[str, Row] = {
    "enterprise": {
        "registered_region": "370812",
        "independent_entity": True,
        "credit_status": "good",
        "has_major_violation": False,
        "well_managed": True,
    },
    "project": {
        "project_in_district": True,
        "filed": True,
        "in_statistics": True,
        "construction_nature": "retrofit",
        "has_other_funds": False,
        "suspected_same_project": False,
        "system_listed": True,
        "integration_proven": True,
    },
    "line": {
        "attached": True,
        "date_valid": True,
        "unit_suspect": False,
        "void": False,
        "original_listed": True,
        "arithmetic_ok": True,
        "buyer_matches": True,
        "duplicate_in_project": False,
        "duplicate_across": False,
        "second_hand": False,
        "related_party": False,
        "leased": False,
    },
    "consortium": {},
    "member": {"member_filed": True, "member_in_statistics": True},
}
# A missing value of these means "nothing was chosen", or is assumed before the rules run.
NEVER_MISSING = {"chosen_measure", "project_priority"} | assumed_terms()


class District:
    """Builds one case."""

    def __init__(self, rng: Random, year: int, missing: float) -> None:
        self.rng, self.year, self.missing = rng, year, missing
        self.rows: Rows = {name: [] for name in ("enterprise", *TERMS)}
        self.keys = 0

    def row(self, subject: str, key: Any, **given: Any) -> Row:
        """A row with every term drawn, except those given and the odd missing one."""
        terms = TERMS[subject]
        plain = ORDINARY[subject] if self.rng.randrange(100) < 75 else {}
        drawn = {n: draw(self.rng, self.year) for n, draw in terms.items() if n not in plain}
        row = {"key": key, **plain, **drawn, **given}
        if self.missing and self.rng.random() >= 1 - self.missing * len(terms):
            excepted = row.get("quota_exception_approved")
            names = [name for name in terms if name not in NEVER_MISSING]
            names = [name for name in names if not (excepted and name == "application_year")]
            if names:
                row[self.rng.choice(names)] = None
        self.rows[subject].append(row)
        return row

    def key(self) -> int:
        """The next number."""
        self.keys += 1
        return self.keys

    def line(self, owner: Row, amount: int, item_class: str, **given: Any) -> Row:
        """One invoice line; its tax comes on top, or the stated amount already has it."""
        excl, incl = amount, amount + (amount * 13 + 50) // 100
        if self.rng.randrange(100) >= 85:
            excl, incl = (amount * 100 + 56) // 113, amount
        links = {"project_key": None, "member_key": None, "original_key": None}
        links["project_key" if isinstance(owner["key"], int) else "member_key"] = owner["key"]
        values = {"item_class": item_class, "amount_excl_tax": excl, "amount_incl_tax": incl}
        return self.row("line", self.key(), **{**links, **values, **given})

    def lines(self, owner: Row, amount: int, item_class: str) -> None:
        """A total spread over one or two lines."""
        if amount <= 0:
            return
        first = self.rng.choice([amount, amount // 3, 1]) if amount > 1 else amount
        self.line(owner, first, item_class)
        if first < amount:
            self.line(owner, amount - first, item_class)

    def noise(self, owner: Row) -> None:
        """A line that may have to stay out: a red letter, a service, a possible robot, a stray."""
        rng, mine = self.rng, [ln for ln in self.rows["line"] if ln["project_key"] == owner["key"]]
        what = rng.randrange(4)
        if what == 0:
            self.line(owner, rng.choice([WAN, 1, 300 * WAN]), "not_eligible")
        elif what == 1:
            self.line(owner, rng.choice([WAN, 300 * WAN, 1]), "equipment_review")
        elif what == 2 and mine:
            blue = rng.choice(mine)
            part = rng.choice([1, 3])
            amounts = {
                name: None if blue[name] is None else -(blue[name] // part)
                for name in ("amount_excl_tax", "amount_incl_tax")
            }
            original = None if rng.randrange(100) >= 90 else blue["key"]
            self.line(
                owner, 1, blue["item_class"], red_letter=True, original_key=original, **amounts
            )
        else:
            self.line(owner, 100 * WAN, "equipment", project_key=None, attached=False)

    def project(self, enterprise_key: str | None) -> None:
        """One project with up to six lines, made for one or several of the measures."""
        rng = self.rng
        if rng.randrange(100) >= 97:
            enterprise_key = None
        project = self.row("project", self.key(), enterprise_key=enterprise_key)
        kind = rng.randrange(5)
        robot = rng.choice(ROBOT) if kind in (1, 4) else 0
        total = rng.choice(EQUIPMENT) if kind in (0, 1, 4) else 0
        self.lines(project, robot, "robot")
        self.lines(project, total - robot if total > robot else total * (kind == 4), "equipment")
        if kind in (2, 4):
            self.lines(project, rng.choice(IT), rng.choice(["software", "it_hardware"]))
        used = sum(line["project_key"] == project["key"] for line in self.rows["line"])
        if kind and used < 6 and rng.randrange(100) >= 60:
            self.noise(project)

    def consortium(self, number: int, enterprises: list[str]) -> None:
        """A consortium whose members' totals lie around its conditions."""
        rng = self.rng
        totals = rng.choice(POOLS)
        if rng.randrange(100) >= 80:
            totals = tuple(rng.choice([260 * WAN, 160 * WAN, WAN, 1]) for _ in totals)
        firms = rng.sample(enterprises, min(len(totals), len(enterprises)))
        key = f"C{number}"
        self.row("consortium", key, enterprise_key=firms[0])
        for place, (firm, total) in enumerate(zip(firms, totals, strict=False)):
            matched = firm if rng.randrange(100) < 98 else None
            links = {"consortium_key": key, "enterprise_key": matched}
            leads = place == 0 and rng.randrange(100) < 96
            member = self.row("member", f"{key}-{place}", member_leads=leads, **links)
            self.lines(member, total, "robot" if rng.randrange(100) >= 90 else "equipment")


def random_case(rng: Random, missing: float = 0.02, year: int = 2021, most: int = 4) -> Rows:
    """One district: up to ``most`` enterprises, as many projects each, up to two consortia."""
    district = District(rng, year, missing if rng.randrange(10) >= 4 else 0.0)
    consortia = max(rng.randrange(4) - 1, 0)
    firms = [f"E{n}" for n in range(1, 1 + max(rng.randint(1, most), 3 if consortia else 1))]
    for firm in firms:
        district.row("enterprise", firm)
        for _ in range(max(rng.randint(0, most + 1) - 1, 0)):
            district.project(firm)
    for number in range(1, consortia + 1):
        district.consortium(number, firms)
    twins = district.rows["project"]
    if len(twins) > 1 and rng.randrange(100) >= 70:  # two projects of exactly equal worth
        _copy_lines(district, twins[0], twins[1])
    return district.rows


def _copy_lines(district: District, source: Row, target: Row) -> None:
    """Give the second project the same lines as the first."""
    lines = district.rows["line"]
    lines[:] = [line for line in lines if line["project_key"] != target["key"]]
    moved: dict[Any, int] = {}
    for line in [line for line in lines if line["project_key"] == source["key"]]:
        moved[line["key"]] = district.key()
        original = moved.get(line["original_key"], line["original_key"])
        twin = {"key": moved[line["key"]], "project_key": target["key"], "original_key": original}
        lines.append({**line, **twin})
    kept = {line["key"] for line in lines}
    for line in lines:
        if line["original_key"] not in kept:
            line["original_key"] = None
    for name in ("application_year", "application_batch", "enterprise_key"):
        target[name] = source[name]


def filled(rng: Random, rows: Rows, year: int) -> Rows:
    """The case with every missing fact given some value; invoice lines stay as they are.

    A line that cannot be judged is left out and listed (Y56), so the bounds are not about it. A
    project without an enterprise is given one, of the assumed taxpayer type.
    """
    general = [e["key"] for e in rows["enterprise"] if e["taxpayer_type"] == "general"]
    full: Rows = {"line": rows["line"]}
    for subject in ("enterprise", "project", "consortium", "member"):
        full[subject] = []
        for row in rows[subject]:
            row = dict(row)
            for name, draw in TERMS[subject].items():
                if row[name] is None and name not in NEVER_MISSING:
                    row[name] = draw(rng, year)
            if subject == "project" and row["enterprise_key"] is None and general:
                row["enterprise_key"] = rng.choice(general)
            full[subject].append(row)
    return full


def cases(missing: float = 0.02, year: int = 2021, most: int = 2) -> st.SearchStrategy[Rows]:
    """Districts for hypothesis, small enough to shrink well."""
    return st.randoms(use_true_random=False).map(lambda rng: random_case(rng, missing, year, most))
