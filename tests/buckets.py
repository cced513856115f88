"""A real S3-compatible server on this machine, for tests: moto's, started once a process."""

import uuid
from functools import cache

import boto3
from moto.moto_server.threaded_moto_server import ThreadedMotoServer

from compliance.settings import Bucket

KEY = "testing-key-of-nobody"


@cache
def endpoint() -> str:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    return f"http://{host}:{port}"


def new_bucket() -> Bucket:
    """An empty bucket, and a prefix in it."""
    name = f"portal-{uuid.uuid4().hex[:12]}"
    client = boto3.client(
        "s3", endpoint_url=endpoint(), region_name="us-east-1", aws_access_key_id=KEY, aws_secret_access_key=KEY
    )
    client.create_bucket(Bucket=name)
    client.close()
    return Bucket(f"s3://{name}/evidence", endpoint(), "us-east-1", KEY, KEY)
