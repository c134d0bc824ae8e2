"""When is the service supported? Zones, weekly hours, holidays and exceptions, compiled into open spans."""

from itilkit.calendars.calendar import Calendar
from itilkit.calendars.period import Period, Unit
from itilkit.calendars.public_holidays import PublicHolidays

__all__ = ["Calendar", "Period", "PublicHolidays", "Unit"]
