"""What every public page says of third-party analytics."""

from __future__ import annotations

from django.http import HttpRequest

from analytics import third_party as gate


def third_party(request: HttpRequest) -> dict[str, str]:
    """The host of the service readers may agree to; "" when there is none, as by default."""
    return {"third_party_service": gate.service_host()}
