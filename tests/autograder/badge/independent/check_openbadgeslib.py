"""
Checks credentials with openbadgeslib: the first proof, the status list's proof and its bit. It knows no eddsa-jcs-2022.

Reads a job as JSON from standard input, prints a verdict for each credential. Loads nothing from a network: the
library has the contexts in itself.
"""

import json
import sys

from openbadgeslib.ob3 import (
    OB3LdpVerifier,
    OB3VerificationError,
    check_credential_status,
    resolve_verification_method,
    verify_data_integrity_proof,
)

SUITE = "eddsa-rdfc-2022"  # the only one of ours that it knows
IS_SET = "Credential status 'revocation' is set"


def check(credential, lists):
    """Check a credential; the library's own check of a list's signature takes JWT only, so its proof is asked for."""
    said = {"valid": False, "proofs": {SUITE: False}, "revoked": None, "errors": []}
    verifier = OB3LdpVerifier.for_issuer_did(credential["issuer"]["id"])
    try:
        badge = verifier.verify(credential)
        said["proofs"] = {SUITE: True}
        for each in lists.values():
            method = each["proof"][0]["verificationMethod"]
            verify_data_integrity_proof(each, resolve_verification_method(method))
        check_credential_status(badge, download=lambda address: json.dumps(lists[address]).encode())
        said |= {"valid": True, "revoked": False}
    except OB3VerificationError as error:
        if IS_SET in str(error):
            said["revoked"] = True
        else:
            said["errors"].append(str(error))
    return said


if __name__ == "__main__":
    job = json.load(sys.stdin)
    json.dump([check(credential, job["lists"]) for credential in job["credentials"]], sys.stdout)
