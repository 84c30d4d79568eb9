"""Stores on loopback: moto's real HTTP server for S3, and a server whose answers are what a test says."""

from __future__ import annotations

import itertools
import logging
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer
from pytest_httpserver import HTTPServer

from .answers import KEYS, Bucket

_NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def moto_url():
    """S3, STS and IAM of Amazon, simulated behind real HTTP."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="session")
def make_bucket(moto_url: str):
    """Makes buckets, each of its own name."""
    s3 = boto3.client(
        "s3",
        endpoint_url=moto_url,
        aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
        region_name="us-east-1",
    )

    def make(**options: Any) -> Bucket:
        name = f"backups-{next(_NUMBERS)}"
        s3.create_bucket(Bucket=name, **options)
        return Bucket(name, {**KEYS, "AWS_ENDPOINT_URL": moto_url, "AWS_REGION": "us-east-1"}, s3)

    return make


@pytest.fixture
def bucket(make_bucket) -> Bucket:
    return make_bucket()


@pytest.fixture(scope="session")
def _host():
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = HTTPServer(host="127.0.0.1", threaded=True)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def host(_host: HTTPServer):
    """An HTTP server that answers as the test says."""
    _host.clear()
    yield _host
    _host.clear()
