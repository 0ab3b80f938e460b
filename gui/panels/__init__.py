"""Parts of the window: each gathers widgets around one matter."""
