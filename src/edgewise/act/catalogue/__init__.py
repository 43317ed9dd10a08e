"""The capabilities that ship with Edgewise, one file a family.

Declarations and what they mean are here; whether they may happen is `act/decide.py`'s business. A
family exports `FUNCTIONS`; third parties add theirs through `act/plugin.py` or MCP, not here.
"""

from edgewise.act.function import Catalogue


def builtin_catalogue() -> Catalogue:
    """A new catalogue with every built-in function; more may be added to it.

    Raises UserError if two families give the same name.
    """
    from edgewise.act.catalogue import (
        adas,
        alarm,
        app,
        calendar,
        call,
        climate,
        contact,
        device,
        dialog,
        door,
        drive,
        email,
        file,
        fragrance_fridge,
        gui,
        home,
        info,
        light_exterior,
        light_interior,
        list,
        media,
        memory,
        message,
        mirror,
        nav,
        roof,
        scene,
        seat,
        service,
        steering_wheel,
        trunk,
        vehicle,
        window,
        wiper,
    )

    families = (
        dialog,
        climate,
        seat,
        window,
        roof,
        door,
        trunk,
        mirror,
        light_interior,
        light_exterior,
        wiper,
        steering_wheel,
        fragrance_fridge,
        drive,
        adas,
        vehicle,
        nav,
        media,
        call,
        message,
        email,
        contact,
        calendar,
        alarm,
        list,
        device,
        app,
        gui,
        file,
        home,
        service,
        info,
        memory,
        scene,
    )
    return Catalogue(function for family in families for function in family.FUNCTIONS)
