"""Presets: what is asked, how it is edited, shaped and played, under one name; and the shelf they stand on."""
