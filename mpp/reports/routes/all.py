"""Every router of the reports."""

from mpp.reports.routes import monthly, survey, yearly, yearly_public

routers = [
    *monthly.routers,
    *survey.routers,
    *yearly.routers,
    *yearly_public.routers,
]
