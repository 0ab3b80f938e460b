"""What can go wrong, one type per kind. Each message says what happened and what to do, in the user's words."""


class LatenteError(Exception):
    """Base of every error that a user may see. `exit_code` is what the command line returns for it."""

    exit_code = 1


class BadRequest(LatenteError):
    """What was asked for makes no sense: an unknown note, seconds out of range, an empty prompt."""

    exit_code = 2


class UnreadableAudio(LatenteError):
    """A file is not audio that we can open, or breaks the limits on what we open."""


class CannotWrite(LatenteError):
    """A file or folder cannot be written: missing, read-only, or the disk is full."""


class ModelProblem(LatenteError):
    """A model is unknown, not installed, or its files are not what its card says."""


class LibraryProblem(LatenteError):
    """The library of takes cannot be opened or does not hold what was asked for."""


class AudioProblem(LatenteError):
    """No sound can be played: no device, a device lost, or the audio process does not answer."""


class Cancelled(LatenteError):
    """The user stopped the work. Nothing was written."""
