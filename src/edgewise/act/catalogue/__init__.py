"""The capabilities that ship with Edgewise, one file a family.

Declarations and what they mean are here; whether they may happen is `act/decide.py`'s business. A
family exports `FUNCTIONS`; third parties add theirs through `act/plugin.py` or MCP, not here.
"""

from edgewise.act.function import Catalogue


def builtin_catalogue() -> Catalogue:
    """A new catalogue with every built-in function; more may be added to it.

    Raises UserError if two families give the same name.
    """
    from edgewise.act.catalogue.families import FAMILIES

    return Catalogue(function for family in FAMILIES for function in family.FUNCTIONS)
