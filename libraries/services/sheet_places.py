"""Finding the region that a row of a spreadsheet names, by its code or by the names of village, district and city."""

import re
from collections import defaultdict
from collections.abc import Mapping

from libraries.choices import RegionLevel
from libraries.models import Region
from libraries.sheets.values import place_key


class RegionFinder:
    """The regions, read as far as they are asked for; one finder serves a whole run.

    ``within``: the code of the region that all rows lie in, "" for the whole country.
    """

    def __init__(self, within: str = "") -> None:
        self.within = within
        self.names: dict[str, str] = {}
        self._by_name: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._villages: dict[str, dict[str, str]] = {}
        rows = Region.objects.exclude(level=RegionLevel.VILLAGE)
        if within:
            # Its own provinces and cities stand above it.
            above = [within[:end] for end in (2, 5, 8) if end < len(within)]
            rows = rows.filter(code__startswith=within) | rows.filter(code__in=above)
        for code, name, level in rows.values_list("code", "name", "level"):
            self.names[code] = name
            self._by_name[level, place_key(name)].append(code)

    def find(self, values: Mapping[str, str]) -> str:
        """The code of the smallest region that is named beyond doubt, or ""."""
        given = re.sub(r"[^\d.]", "", values.get("region_code", ""))
        if given:
            code = _dotted(given)
            if code in self.names or self._village_known(code):
                return code
        found = self.within
        for level, name in (
            (RegionLevel.PROVINCE, "province"),
            (RegionLevel.REGENCY, "regency"),
            (RegionLevel.DISTRICT, "district"),
        ):
            if values.get(name):
                found = self._below(found, level, values[name]) or found
        if values.get("village") and len(found) == 8:
            return self._villages_of(found).get(place_key(values["village"]), found)
        return found

    def city_of(self, code: str) -> str:
        """The city or regency that a region lies in, as it is printed before a date: without “Kota”."""
        return re.sub(r"^(kota|kabupaten|kab\.?)\s+", "", self.names.get(code[:5], ""), flags=re.IGNORECASE)

    def _below(self, upper: str, level: str, name: str) -> str:
        inside = [
            code
            for code in self._by_name.get((level, place_key(name)), ())
            if code.startswith(upper) or upper.startswith(code)
        ]
        if len(inside) > 1 and level == RegionLevel.REGENCY:
            # “Kota Solok” and “Kabupaten Solok” share a name; cities are numbered from 71 on.
            city = name.casefold().strip().startswith("kota")
            inside = [code for code in inside if (int(code[3:5]) >= 71) == city]
        return inside[0] if len(inside) == 1 else ""

    def _villages_of(self, district: str) -> dict[str, str]:
        known = self._villages.get(district)
        if known is None:
            rows = Region.objects.filter(parent_id=district, level=RegionLevel.VILLAGE)
            known = self._villages[district] = {
                place_key(name): code for code, name in rows.values_list("code", "name")
            }
        return known

    def _village_known(self, code: str) -> bool:
        return len(code) == 13 and code in self._villages_of(code[:8]).values()


def _dotted(given: str) -> str:
    digits = given.replace(".", "")
    return ".".join(part for part in (digits[:2], digits[2:4], digits[4:6], digits[6:10]) if part)
