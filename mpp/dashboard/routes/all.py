"""Every router of the dashboard."""

from mpp.dashboard.routes import definitions, live, overview, targets

routers = [
    *definitions.routers,
    *live.routers,
    *overview.routers,
    *targets.routers,
]
