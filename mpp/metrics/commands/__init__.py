"""What changes in the metrics: answers to surveys, evaluations, figures that are kept."""
