"""MIDI inside the audio process: what comes in is played in the very block in which it is found."""
