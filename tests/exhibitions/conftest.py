"""What the tests of importing and arranging begin with; a module may have its own instead."""

from __future__ import annotations

import pytest

from core.models import User
from exhibitions.models import ExhibitionIndexPage, ExhibitionPage
from tests import factories
from tests.exhibitions.test_admin_clearance import staff


@pytest.fixture
def exhibition(exhibition_index: ExhibitionIndexPage) -> ExhibitionPage:
    """A draft without Parts."""
    page: ExhibitionPage = factories.ExhibitionPageFactory(parent=exhibition_index, live=False)
    return page


@pytest.fixture
def editor(exhibition_index: ExhibitionIndexPage) -> User:
    """Who makes, changes and publishes exhibitions."""
    return staff("bientap", exhibition_index, on_pages=("add_page", "change_page", "publish_page"))
