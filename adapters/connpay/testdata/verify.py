"""Verify OAuth 1.0a requests, one in JSON a line, by Debian's python3-oauthlib.

Prints the base string of each, or why it does not verify. Ends with 77 if oauthlib is not installed.
"""
import json
import sys
from types import SimpleNamespace

try:
    import cryptography, jwt  # noqa: F401 (what oauthlib verifies RSA with)
    from oauthlib.oauth1.rfc5849 import signature
except ImportError:
    sys.exit(77)


def verifies(request, r):
    if r["by"] == "hmac":
        return signature.verify_hmac_sha1(request, client_secret=r["key"])
    return signature.verify_rsa_sha256(request, r["key"])


for line in sys.stdin:
    r = json.loads(line)
    headers = {"Authorization": r["authorization"], "Content-Type": "application/x-www-form-urlencoded"}
    params = signature.collect_parameters(body=r["body"], headers=headers, exclude_oauth_signature=False)
    given = [v for k, v in params if k == "oauth_signature"]
    rest = [p for p in params if p[0] != "oauth_signature"]
    if r["by"] == "hmac":  # where the body repeats the header's parameters, which count once
        rest = sorted(set(rest))
    request = SimpleNamespace(uri=r["url"], http_method="POST", params=rest, signature=given[0])
    if len(given) != 1 or not verifies(request, r):
        print("does not verify:", signature.normalize_parameters(request.params))
        continue
    print(signature.signature_base_string("POST", signature.base_string_uri(r["url"]), signature.normalize_parameters(request.params)))
