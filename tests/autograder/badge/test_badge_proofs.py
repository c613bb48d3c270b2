"""Proofs: known answers of the standard, and samples that others signed."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from autograder.badge import contexts
from autograder.badge.multikey import from_base58, multibase, multikey_bytes
from autograder.badge.proofs import CANONICAL, JCS, RDFC, jcs, proof_holds, signed_bytes

W3C = Path(__file__).parent / "w3c"
SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "openbadges"
EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
VECTORS = {RDFC: ("signedDataInt.json", "canonDocDataInt.txt"), JCS: ("signedJCS.json", "canonDocJCS.txt")}
SAMPLES = SHARED / "1edtech-samples"
GOOD = ("complete", "simple", "simple-did-key-method", "simple-did-web-method", "simple-multiple-proofs")
needs_reference = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the reference data lie beside the repository, in ../shared/data/openbadges"
)


@pytest.fixture
def examples_context(monkeypatch):
    """Know the one context that only the vectors use."""
    load = contexts.load_context
    made_up = {"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}}
    monkeypatch.setattr(contexts, "load_context", lambda name: made_up if name == EXAMPLES else load(name))


def vector(suite):
    return json.loads((W3C / VECTORS[suite][0]).read_text(encoding="utf-8"))


@pytest.mark.usefixtures("examples_context")
@pytest.mark.parametrize("suite", VECTORS)
def test_the_canonical_form_is_that_of_the_standard(suite):
    """The document of W3C's vector is canonicalised to the bytes that the vector names."""
    document = {key: value for key, value in vector(suite).items() if key != "proof"}

    assert CANONICAL[suite](document) == (W3C / VECTORS[suite][1]).read_bytes()


@pytest.mark.usefixtures("examples_context")
@pytest.mark.parametrize("suite", VECTORS)
def test_the_signature_of_the_standard_holds(suite):
    """The proof of W3C's vector is accepted."""
    signed = vector(suite)
    public = multikey_bytes(signed["proof"]["verificationMethod"].split("#")[1])

    assert proof_holds(signed, signed["proof"], public)


@needs_reference
@pytest.mark.usefixtures("examples_context")
@pytest.mark.parametrize("suite", VECTORS)
def test_the_signature_of_the_standard_is_reproduced(suite):
    """With the vector's key our own signature is the vector's, bit for bit."""
    pair = json.loads((SHARED / "w3c-vectors" / "keyPair.json").read_text(encoding="utf-8"))
    key = Ed25519PrivateKey.from_private_bytes(from_base58(pair["privateKeyMultibase"][1:], max_bytes=34)[2:])
    signed = vector(suite)

    assert multibase(key.sign(signed_bytes(signed, signed["proof"]))) == signed["proof"]["proofValue"]


@pytest.mark.usefixtures("examples_context")
@pytest.mark.parametrize("suite", VECTORS)
def test_a_changed_vector_is_refused(suite):
    """One other letter in the document, and the proof no longer holds."""
    signed = vector(suite) | {"name": "Alumni credential"}
    public = multikey_bytes(signed["proof"]["verificationMethod"].split("#")[1])

    assert not proof_holds(signed, signed["proof"], public)


def sample_proofs(name):
    document = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    proofs = document.get("proof", [])
    integrity = [each for each in (proofs if isinstance(proofs, list) else [proofs]) if "proofValue" in each]
    return [
        proof_holds(document, each, multikey_bytes(each["verificationMethod"].split("#")[-1].split(":")[-1]))
        for each in integrity
    ]


@needs_reference
@pytest.mark.parametrize("name", GOOD)
def test_a_sample_that_1edtech_signed_holds(name):
    """The signed samples of 1EdTech's validator verify."""
    assert sample_proofs(name) == [True]


@needs_reference
@pytest.mark.parametrize(("name", "found"), [("simple-err-proof-value", [False]), ("simple-noproof", [])])
def test_a_sample_with_a_wrong_or_missing_proof_does_not_hold(name, found):
    """The error samples have no proof that holds."""
    assert sample_proofs(name) == found


def test_an_unknown_context_is_never_fetched():
    """A document that names a foreign context is refused, without a network."""
    with pytest.raises(ValueError, match="nothing is downloaded"):
        contexts.n_quads({"@context": "https://example.org/context.json", "id": "urn:x:1"})


def test_a_changed_context_file_is_refused(monkeypatch):
    """Another byte in a local copy of a context stops everything: signatures would mean something else."""
    name, _ = contexts.PINNED[contexts.EXTENSIONS]
    monkeypatch.setitem(contexts.PINNED, contexts.EXTENSIONS, (name, "0" * 64))
    contexts.load_context.cache_clear()

    with pytest.raises(Exception, match="was changed; install the course again"):
        contexts.load_context(contexts.EXTENSIONS)
    contexts.load_context.cache_clear()


def test_a_member_that_json_ld_would_drop_is_noticed():
    """Rdfc signs only what JSON-LD understands; a member that it does not know is not kept."""
    document = {"@context": list(contexts.BADGE_CONTEXTS), "id": "urn:x:1", "type": ["VerifiableCredential"]}

    assert contexts.keeps_every_key(document)
    assert not contexts.keeps_every_key(document | {"validuntil": "2030-01-01T00:00:00Z"})


def test_half_a_character_has_no_canonical_form():
    """A lone surrogate cannot be signed."""
    with pytest.raises(ValueError, match="canonicalised"):
        jcs({"name": "\ud800"})
