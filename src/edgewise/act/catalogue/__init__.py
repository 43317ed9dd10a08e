"""The capabilities that ship with Edgewise, one file a family.

Declarations and what they mean are here; whether they may happen is `act/decide.py`'s business. A
family exports `FUNCTIONS`; third parties add theirs through `act/plugin.py` or MCP, not here.
"""

from edgewise.act.function import Catalogue


def builtin_catalogue(*, screen: bool = False) -> Catalogue:
    """A new catalogue with every built-in function; more may be added to it. With `screen` the
    device has a screen that can be looked at and touched (`gui.screen`).

    Raises UserError if two families give the same name.
    """
    from edgewise.act.catalogue import app, gui
    from edgewise.act.catalogue.families import FAMILIES

    return Catalogue(
        function
        for family in FAMILIES
        for function in (family.ON_SCREEN if screen and family in (app, gui) else family.FUNCTIONS)
    )
