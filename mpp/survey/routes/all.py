"""Every router of the survey."""

from mpp.survey.routes import api, forms, phone, results, tablet

routers = [
    *api.routers,
    *forms.routers,
    *phone.routers,
    *results.routers,
    *tablet.routers,
]
