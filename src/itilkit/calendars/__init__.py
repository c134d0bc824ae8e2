"""When is the service supported? Zones, weekly hours, holidays and exceptions, compiled into open spans."""

from itilkit.calendars.calendar import Calendar
from itilkit.calendars.directory import calendars_from_data
from itilkit.calendars.period import Period, Unit
from itilkit.calendars.public_holidays import PublicHolidays
from itilkit.calendars.recurrence import Recurrence

__all__ = ["Calendar", "Period", "PublicHolidays", "Recurrence", "Unit", "calendars_from_data"]
