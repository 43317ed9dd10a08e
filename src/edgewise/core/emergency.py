"""Emergency numbers by service and region (rule 42).

Which number helps depends on where the device is, not on the language: 120 is an ambulance in China
and nothing in Europe. Where the region is not known, 112, which every mobile network connects to an
emergency service (3GPP TS 22.101, 10.1); in China it only plays a message, so Chinese words without
a region mean China.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from edgewise.core.words import Language


class Service(StrEnum):
    """Whom to call; `ANY` when nobody is named."""

    AMBULANCE = "ambulance"
    POLICE = "police"
    FIRE = "fire"
    ANY = "any"


EVERYWHERE = "112"


def _numbers(ambulance: str, police: str, fire: str, anybody: str) -> Mapping[Service, str]:
    return MappingProxyType(dict(zip(Service, (ambulance, police, fire, anybody), strict=True)))


REGIONS: Mapping[str, Mapping[Service, str]] = MappingProxyType(
    {
        "CN": _numbers("120", "110", "119", "110"),
        "HK": _numbers("999", "999", "999", "999"),
        "TW": _numbers("119", "110", "119", "112"),
        "JP": _numbers("119", "110", "119", "110"),
        "KR": _numbers("119", "112", "119", "112"),
        "EU": _numbers("112", "112", "112", "112"),
        "IN": _numbers("112", "112", "112", "112"),
        "GB": _numbers("999", "999", "999", "999"),
        "US": _numbers("911", "911", "911", "911"),
        "CA": _numbers("911", "911", "911", "911"),
    }
)
"""ISO 3166 codes, and EU (Directive (EU) 2018/1972, article 109)."""
EMERGENCY_NUMBERS = frozenset(
    {EVERYWHERE, "122", *(number for region in REGIONS.values() for number in region.values())}
)
"""Every number that is one somewhere; 122: traffic police in China."""


def number_for(service: Service, region: str, language: Language) -> str:
    """The number of `service` in `region` (upper case; empty: not known)."""
    known = REGIONS.get(region or ("CN" if language is Language.CHINESE else ""))
    return known[service] if known else EVERYWHERE
