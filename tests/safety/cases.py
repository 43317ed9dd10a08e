"""All cases: each rule of the table as people and programs meet it (`case.py` tells the shape)."""

from tests.safety.case import Case, Expected, Heard, Twin
from tests.safety.cases_car import CAR_CASES
from tests.safety.cases_people import PEOPLE_CASES

__all__ = ["CASES", "Case", "Expected", "Heard", "Twin"]

CASES = (*CAR_CASES, *PEOPLE_CASES)
