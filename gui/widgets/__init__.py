"""Controls and views: each draws itself and knows nothing of the engine's work."""
