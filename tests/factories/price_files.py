"""Files of zonal prices as the market operator writes them."""

from collections.abc import Iterable, Sequence


def market_file(
    day: str, prices: Sequence[str], zones: Iterable[str] = ("PUN", "NORD", "SICI"), item: str = "Prezzi"
) -> str:
    """A day with the same price in each zone at each interval."""
    number = "Ora" if item == "Prezzi" else "Periodo"
    rows = "".join(
        f"<{item}><Data>{day}</Data><Mercato>MGP</Mercato><{number}>{at}</{number}>"
        + "".join(f"<{zone}>{price}</{zone}>" for zone in zones)
        + f"</{item}>"
        for at, price in enumerate(prices, 1)
    )
    schema = '<xs:schema id="NewDataSet" xmlns="" xmlns:xs="http://www.w3.org/2001/XMLSchema"/>'
    return f'<?xml version="1.0" standalone="yes"?><NewDataSet>{schema}{rows}</NewDataSet>'


def labelled_file(days: Sequence[str], hours: Sequence[int] = range(24), price: str = "100.00") -> str:
    """Hours of days by their local label, priced by their number."""
    rows = "".join(f"{day}T{hour:02}:00,{hour}.5,{price}\n" for day in days for hour in hours)
    return "hour_local_label,NORD,PUN\n" + rows
