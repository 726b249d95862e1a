"""Every router of the metrics."""

from mpp.metrics.routes import api, comparison, day, exports, period, work

routers = [
    *api.routers,
    *comparison.routers,
    *day.routers,
    *exports.routers,
    *period.routers,
    *work.routers,
]
