"""A database as somebody sees it who may do little."""

from __future__ import annotations

import pytest

from fixtures.restore.database import Database


@pytest.fixture
def lent(server, database, run):
    """The test's database as a role sees it that may connect and little else."""
    role = f"reader_{database.name}"
    run(f"CREATE ROLE {role} LOGIN PASSWORD 'reader'; GRANT USAGE ON SCHEMA public TO {role}")
    yield Database({**database.conninfo, "user": role, "password": "reader"}, database.name), role
    run(f"DROP OWNED BY {role}; DROP ROLE {role}")
