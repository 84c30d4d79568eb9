"""A plugin for a drill in the worlds of twilio_worlds.py."""

from __future__ import annotations

import pytest


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    # After conftest.py has loaded all it names: the last fixture of a name is the one that is taken.
    from .twilio_worlds import Stand

    config.pluginmanager.register(Stand(), "twilio-worlds")
