"""The application answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from fixtures.services.endpoints import Answers, Certificates
    from plugins.plan import Endpoint


@pytest.mark.control("endpoints-answer")
@pytest.mark.needs("endpoints")
def test_the_endpoint_answers(endpoint: Endpoint, endpoint_answers: Answers) -> None:
    """The endpoint answers with the status that the plan asks for, within the time that the plan allows."""
    answer = endpoint_answers[endpoint.name]
    assert answer.status == endpoint.status
    assert endpoint.within is None or answer.latency <= endpoint.within


@pytest.mark.control("endpoints-tls")
@pytest.mark.needs("endpoints")
def test_the_endpoint_has_a_certificate_that_stays_valid(
    endpoint: Endpoint, endpoint_certificates: Certificates
) -> None:
    """The endpoint is reached over TLS, with a certificate that is trusted and stays valid for 14 days."""
    assert endpoint_certificates[endpoint.name].complaint == ""


@pytest.mark.control("endpoints-content")
@pytest.mark.needs("endpoints.json")
def test_the_endpoint_says_what_it_should(json_endpoint: Endpoint, endpoint_answers: Answers) -> None:
    """The JSON of the endpoint's answer holds the values that the plan asks for; none of it is shown."""
    assert endpoint_answers[json_endpoint.name].differences == []
