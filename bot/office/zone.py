"""Names of time zones, as people say them. Its one rule: a name tells the zone, never an offset."""

from datetime import date, datetime, time, tzinfo

ZONES = {
    "America/New_York": "Eastern Time",
    "America/Detroit": "Eastern Time",
    "America/Chicago": "Central Time",
    "America/Denver": "Mountain Time",
    "America/Boise": "Mountain Time",
    "America/Phoenix": "Mountain Standard Time",
    "America/Los_Angeles": "Pacific Time",
    "America/Anchorage": "Alaska Time",
    "Pacific/Honolulu": "Hawaii Time",
}


def zone_name(zone: tzinfo, day: date) -> str:
    """A zone in words, as it is called on a day: `Mountain Time`; its abbreviation where it has no words."""
    return ZONES.get(str(zone)) or datetime.combine(day, time(12), zone).tzname() or str(zone)
