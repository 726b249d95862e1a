"""Tables of the metrics: figures of past days, surveys, evaluations."""
