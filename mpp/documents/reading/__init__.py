"""The one reader of tables that people send in. It runs isolated (`mpp.isolated`): files are hostile."""
