"""The frame of every page and answer: typed pages, templates, problem+json, headers, assets."""
