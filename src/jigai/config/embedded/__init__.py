"""The PostgreSQL that comes with the platform: where it lies, and a small supervisor for it.

``address`` is all that settings need; it starts nothing. ``Server`` starts and stops the database,
``serving`` lends it to a short command and leaves it as it was found.
"""

from jigai.config.embedded.place import Place, address
from jigai.config.embedded.server import Server
from jigai.config.embedded.shared import serving

__all__ = ["Place", "Server", "address", "serving"]
