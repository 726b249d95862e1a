"""Alembic's entry: migrate over the connection that `mpp.schema` passes in."""

from alembic import context

import mpp.counters.models
import mpp.dashboard.models
import mpp.evaluation.models.evaluations
import mpp.evaluation.models.evidence
import mpp.evaluation.models.score_imports
import mpp.metrics.models.rollups
import mpp.queue.models
import mpp.reports.models
import mpp.survey.models  # noqa: F401 - tables register themselves
from mpp.db.schema import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    compare_type=False,
    transactional_ddl=True,
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    if connection.dialect.name == "postgresql":
        # A migration that cannot get its lock gives up rather than stop the hall behind it.
        patience_ms = round(context.config.attributes["patience_s"] * 1000)
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {patience_ms}")
    context.run_migrations()
