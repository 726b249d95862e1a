"""Every router of the metrics."""

from mpp.metrics.routes import (
    api,
    comparison,
    evaluations,
    exports,
    live,
    overview,
    period,
    skm,
    skm_forms,
    survey,
    survey_api,
    survey_tablet,
    work,
)

routers = [
    *api.routers,
    *comparison.routers,
    *evaluations.routers,
    *exports.routers,
    *live.routers,
    *overview.routers,
    *period.routers,
    *skm.routers,
    *skm_forms.routers,
    *survey.routers,
    *survey_api.routers,
    *survey_tablet.routers,
    *work.routers,
]
