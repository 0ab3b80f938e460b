"""`python -m engine.cli`, where the command `latente` is not on the path."""

import sys

from engine.cli import main

sys.exit(main())
