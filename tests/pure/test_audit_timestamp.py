"""Time-stamps against a local authority, `openssl ts`."""

import shutil
import subprocess
from datetime import datetime, timedelta, timezone
from hashlib import sha256

import pytest
from asn1crypto import tsp
from tools import audit_timestamp
from tools.audit_timestamp import TimestampError, request_for, verify_response

OPENSSL = shutil.which("openssl")
DIGEST = sha256(b"tree hash of the day").hexdigest()
OTHER = sha256(b"another").hexdigest()

CONFIG = """
[tsa]
default_tsa = local
[local]
serial = {folder}/serial
signer_cert = {folder}/{signer}.pem
signer_key = {folder}/{signer}.key
certs = {folder}/ca.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1, millisecs:500
ess_cert_id_alg = sha256
"""
EXTENSIONS = {
    "ca": "basicConstraints=critical,CA:TRUE",
    "tsa": "extendedKeyUsage=critical,timeStamping",
    "lax": "extendedKeyUsage=timeStamping",
    "old": "extendedKeyUsage=critical,timeStamping",
}

pytestmark = pytest.mark.skipif(not OPENSSL, reason="needs the openssl program")


class Authority:
    """A certificate authority, and time-stamping authorities that it certified."""

    def __init__(self, folder, name="Local"):
        self.folder = folder
        (folder / "serial").write_text("01\n")
        for part, text in EXTENSIONS.items():
            (folder / f"{part}.ext").write_text(text)
        self._key("ca", "rsa")
        self._run(
            *("req", "-x509", "-new", "-key", "ca.key", "-subj", f"/CN={name} root"),
            *("-days", "3650", "-addext", EXTENSIONS["ca"], "-out", "ca.pem"),
        )
        self.ca = (folder / "ca.pem").read_bytes()

    def _run(self, *arguments):
        return subprocess.run(
            [OPENSSL, *arguments], cwd=self.folder, check=True, capture_output=True
        )

    def _key(self, name, kind):
        options = {
            "rsa": ("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"),
            "ec": ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"),
        }
        self._run("genpkey", *options[kind], "-out", f"{name}.key")

    def certify(self, name, kind="rsa", days="365"):
        """A key, and its certificate with the extensions of that name."""
        self._key(name, kind)
        self._run("req", "-new", "-key", f"{name}.key", "-subj", f"/CN={name}", "-out", "r.csr")
        self._run(
            *("x509", "-req", "-in", "r.csr", "-CA", "ca.pem", "-CAkey", "ca.key"),
            *("-CAcreateserial", "-days", days, "-extfile", f"{name}.ext", "-out", f"{name}.pem"),
        )
        return (self.folder / f"{name}.pem").read_bytes()

    def answer(self, request, signer="tsa"):
        """The response to a request."""
        (self.folder / "request").write_bytes(request)
        (self.folder / "tsa.conf").write_text(CONFIG.format(folder=self.folder, signer=signer))
        self._run(
            *("ts", "-reply", "-config", "tsa.conf", "-queryfile", "request", "-out", "answer")
        )
        return (self.folder / "answer").read_bytes()


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    authority = Authority(tmp_path_factory.mktemp("tsa"))
    authority.certify("tsa")
    return authority


@pytest.fixture(scope="module")
def response(authority):
    return authority.answer(request_for(DIGEST, nonce=4711))


def test_valid_time_stamp_tells_time_serial_and_signer(authority, response):
    found = verify_response(response, DIGEST, 4711, [authority.ca])
    assert abs(found.time - datetime.now(timezone.utc)) < timedelta(minutes=5)
    assert found.serial > 0
    assert (found.tsa, found.policy, found.digest) == ("CN=tsa", "1.2.3.4.1", DIGEST)
    assert found.accuracy == 1.5
    assert found.trusted


def test_without_trusted_certificates_it_says_so(response):
    assert verify_response(response, DIGEST, 4711).trusted is False


def test_certificate_of_the_authority_itself_may_be_trusted(authority, response):
    signer = (authority.folder / "tsa.pem").read_bytes()
    assert verify_response(response, DIGEST, 4711, [signer]).trusted


def test_elliptic_curve_signature_is_valid(tmp_path):
    authority = Authority(tmp_path)
    authority.certify("tsa", kind="ec")
    answer = authority.answer(request_for(DIGEST))
    assert verify_response(answer, DIGEST, trusted=[authority.ca]).trusted


def test_openssl_reads_our_request(tmp_path):
    (tmp_path / "request").write_bytes(request_for(DIGEST, audit_timestamp.new_nonce()))
    command = [OPENSSL, "ts", "-query", "-in", "request", "-text"]
    text = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    assert "Certificate required: yes" in text
    assert "Hash Algorithm: sha256" in text


@pytest.mark.parametrize("digest", ["", "00", "zz" * 32])
def test_request_for_what_is_no_digest_is_refused(digest):
    with pytest.raises(ValueError):
        request_for(digest)


def test_time_stamp_of_another_digest_is_refused(authority, response):
    with pytest.raises(TimestampError, match="another digest"):
        verify_response(response, OTHER, 4711, [authority.ca])


def test_time_stamp_with_another_nonce_is_refused(authority, response):
    with pytest.raises(TimestampError, match="nonce"):
        verify_response(response, DIGEST, 4712, [authority.ca])


def test_time_stamp_without_the_nonce_asked_for_is_refused(authority):
    answer = authority.answer(request_for(DIGEST))
    with pytest.raises(TimestampError, match="nonce"):
        verify_response(answer, DIGEST, 4711, [authority.ca])


def test_time_stamp_of_an_authority_that_is_not_trusted_is_refused(tmp_path, response):
    with pytest.raises(TimestampError, match="not issued by one that is trusted"):
        verify_response(response, DIGEST, 4711, [Authority(tmp_path, "Other").ca])


def test_root_of_the_same_name_with_another_key_is_refused(tmp_path, response):
    with pytest.raises(TimestampError, match="not issued by one that is trusted"):
        verify_response(response, DIGEST, 4711, [Authority(tmp_path).ca])


def test_changed_time_is_refused(authority, response):
    at = response.index(datetime.now(timezone.utc).strftime("%Y%m%d").encode())
    changed = response[:at] + b"2001" + response[at + 4 :]
    with pytest.raises(TimestampError, match="was changed"):
        verify_response(changed, DIGEST, 4711, [authority.ca])


def test_every_changed_byte_of_the_content_or_signature_is_refused(authority, response):
    token = tsp.TimeStampResp.load(response)["time_stamp_token"]["content"]
    content = token["encap_content_info"]["content"].contents
    signature = token["signer_infos"][0]["signature"].native
    for part in (content, signature):
        start = response.index(part)
        for place in range(start, start + len(part), 7):
            changed = bytearray(response)
            changed[place] ^= 1
            with pytest.raises(TimestampError):
                verify_response(bytes(changed), DIGEST, 4711, [authority.ca])


def test_certificate_that_is_not_for_time_stamping_alone_is_refused(authority, monkeypatch):
    # `openssl ts` refuses to sign with such a one: it is put in the place of the right one.
    authority.certify("lax")
    answer = authority.answer(request_for(DIGEST))
    lax = audit_timestamp.load_certificates([(authority.folder / "lax.pem").read_bytes()])[0]
    monkeypatch.setattr(audit_timestamp, "_signer", lambda signed, found: lax)
    monkeypatch.setattr(audit_timestamp, "_check_signature", lambda signed, signer: None)
    with pytest.raises(TimestampError, match="not one for time-stamping alone"):
        verify_response(answer, DIGEST, trusted=[authority.ca])


def test_certificate_that_had_expired_is_refused(authority):
    authority.certify("old", days="-1")
    answer = authority.answer(request_for(DIGEST), signer="old")
    with pytest.raises(TimestampError, match="was not valid at"):
        verify_response(answer, DIGEST, trusted=[authority.ca])


def test_refusal_of_the_authority_is_told_with_its_reason(authority):
    request = tsp.TimeStampReq.load(request_for(DIGEST))
    request["req_policy"] = "1.2.3.4.9"
    answer = authority.answer(request.dump(force=True))
    with pytest.raises(TimestampError, match=r"the authority refused: rejection"):
        verify_response(answer, DIGEST)


@pytest.mark.parametrize("data", [b"", b"<html>503</html>", b"\x30\x03\x02\x01\x00", bytes(99)])
def test_what_is_no_response_is_refused_in_words(data):
    with pytest.raises(TimestampError):
        verify_response(data, DIGEST)


def test_response_cut_anywhere_is_refused_in_words(response):
    for length in range(0, len(response), 13):
        with pytest.raises(TimestampError):
            verify_response(response[:length], DIGEST, 4711)
