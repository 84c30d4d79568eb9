"""Nobody reads from the restored database what was not meant for everybody: Supabase's API is open to all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from fixtures.restore.schema import Access
    from plugins.plan import Plan


@pytest.mark.control("row-level-security")
@pytest.mark.needs("supabase")
@pytest.mark.needs("tables")
def test_a_table_has_row_level_security(access: Access, planned_table: str):
    """A priority table that the API serves decides row by row who may see it: row level security is on."""
    assert access.unprotected(planned_table) == []


@pytest.mark.control("row-level-security", part="all other tables")
@pytest.mark.needs("supabase")
def test_the_other_tables_have_row_level_security(access: Access, plan: Plan):
    """Every table that the API serves, beside the priority tables, has row level security on, too."""
    assert access.unprotected_but(plan.tables) == []


@pytest.mark.control("anonymous-access")
@pytest.mark.needs("supabase")
@pytest.mark.needs("tables")
def test_a_table_is_closed_to_strangers(access: Access, planned_table: str):
    """Who has not signed in cannot read a priority table, unless the plan says that everybody may.

    Rights and policies count, also those that the role "anon" has through other roles. What policies show to
    somebody without a token is tried on the restored rows; where there is none, that is said.
    """
    assert access.open_to_anon(planned_table) == []


@pytest.mark.control("anonymous-access", part="all other tables and views")
@pytest.mark.needs("supabase")
def test_everything_else_is_closed_to_strangers(access: Access, plan: Plan):
    """Who has not signed in cannot read any other table or view that the API serves, either.

    A view that has the rights of its reader is tried; one that has its owner's is open to all who may use it.
    """
    assert access.open_to_anon_but(plan.tables) == []
