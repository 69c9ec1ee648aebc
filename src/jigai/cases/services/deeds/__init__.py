"""One function a verb, called by :mod:`jigai.cases.services.act` under the lock of the case."""
