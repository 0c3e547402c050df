"""A newsroom of our own: stories in many languages, the layouts of many sites, and what befalls a page."""
