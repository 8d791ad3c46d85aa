"""Verify OAuth 1.0a RSA-SHA256 requests, one in JSON a line, by Debian's python3-oauthlib.

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

for line in sys.stdin:
    r = json.loads(line)
    headers = {"Authorization": r["authorization"], "Content-Type": "application/x-www-form-urlencoded"}
    params = signature.collect_parameters(body=r["body"], headers=headers, exclude_oauth_signature=False)
    given = [v for k, v in params if k == "oauth_signature"]
    request = SimpleNamespace(
        uri=r["url"], http_method="POST", params=[p for p in params if p[0] != "oauth_signature"], signature=given[0],
    )
    if len(given) != 1 or not signature.verify_rsa_sha256(request, r["key"]):
        print("does not verify:", signature.normalize_parameters(request.params))
        continue
    print(signature.signature_base_string("POST", signature.base_string_uri(r["url"]), signature.normalize_parameters(request.params)))
