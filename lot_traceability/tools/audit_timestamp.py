"""Time-stamps of RFC 3161: a request for a digest, and the check of what an authority answers.

Bytes in, bytes out: who calls posts the request as `application/timestamp-query` and gets
`application/timestamp-reply` back (RFC 3161, 3.4).

>>> request = request_for("00" * 32, nonce=7)
>>> len(request) < 100
True
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timezone
from hashlib import sha1, sha256, sha384, sha512
from typing import Any, NamedTuple

from asn1crypto import algos, cms, core, pem, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

REQUEST_TYPE = "application/timestamp-query"
RESPONSE_TYPE = "application/timestamp-reply"
_HASHES = {"sha256": hashes.SHA256, "sha384": hashes.SHA384, "sha512": hashes.SHA512}
_DIGESTS = {"sha1": sha1, "sha256": sha256, "sha384": sha384, "sha512": sha512}
_LONGEST_CHAIN = 8
_NOT_SIGNED = "the time-stamp was changed, or another key signed it"


class _Response(core.Sequence):
    # That of asn1crypto wants a token even where the authority refuses.
    _fields = [
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", cms.ContentInfo, {"optional": True}),
    ]


class TimestampError(ValueError):
    """A response that is no valid time-stamp; the text says why."""


class Timestamp(NamedTuple):
    """What a valid time-stamp tells."""

    time: datetime  # genTime, in UTC
    accuracy: float | None  # seconds either way, where the authority states it
    serial: int
    policy: str  # object identifier
    tsa: str  # who signed, RFC 4514
    digest: str  # what was stamped, hexadecimal
    trusted: bool  # whether the signer was traced to one of the certificates given


def request_for(digest: str, nonce: int | None = None) -> bytes:
    """A TimeStampReq (RFC 3161, 2.4.1) for a SHA-256 digest of 64 hexadecimal digits.

    It asks for the authority's certificate. Keep the nonce to check the answer: `new_nonce`.
    """
    request = {"version": "v1", "message_imprint": _imprint(digest), "cert_req": True}
    if nonce is not None:
        request["nonce"] = nonce
    return tsp.TimeStampReq(request).dump()


def new_nonce() -> int:
    """A number that no other request has: 63 random bits."""
    return secrets.randbits(63) | 1


def verify_response(
    response: bytes,
    digest: str,
    nonce: int | None = None,
    trusted: Sequence[bytes] = (),
) -> Timestamp:
    """Check a TimeStampResp (RFC 3161, 2.4.2) for `digest`; TimestampError where it is not valid.

    `nonce` is that of the request, `trusted` are certificates in PEM or DER: of the authority
    itself or of those that issued its certificate. Without them the signature is checked with the
    certificate in the response, which proves only that both belong together.
    """
    try:
        token = _token(response)
        if token["content_type"].native != "signed_data":
            raise TimestampError("the response holds no time-stamp")
        signed = token["content"]
        info = signed["encap_content_info"]["content"].parsed
        if not isinstance(info, tsp.TSTInfo):
            raise TimestampError("the response holds no time-stamp")
        _check_info(info, digest, nonce)
        found = _certificates(signed)
        signer = _signer(signed, found)
        _check_signature(signed, signer)
        time = _utc(info["gen_time"].native)
        _check_purpose(signer, time)
        anchors = load_certificates(trusted)
        if anchors:
            _check_chain(signer, found, anchors, time)
        return Timestamp(
            time=time,
            accuracy=_accuracy(info),
            serial=info["serial_number"].native,
            policy=info["policy"].dotted,
            tsa=signer.subject.rfc4514_string(),
            digest=digest,
            trusted=bool(anchors),
        )
    except TimestampError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, NotImplementedError) as error:
        # What the two libraries raise on bytes that are something else.
        raise TimestampError(f"the response cannot be read: {error}") from error


def load_certificates(sources: Iterable[bytes]) -> list[x509.Certificate]:
    """Certificates of PEM texts (with one or more) or of DER. ValueError where one is none."""
    found = []
    for source in sources:
        if pem.detect(source):
            found += [
                x509.load_der_x509_certificate(der)
                for kind, _headers, der in pem.unarmor(source, multiple=True)
                if kind == "CERTIFICATE"
            ]
        else:
            found.append(x509.load_der_x509_certificate(source))
    return found


def _imprint(digest: str) -> dict[str, Any]:
    if len(digest) != 64:
        raise ValueError("a SHA-256 digest has 64 hexadecimal digits")
    return {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": bytes.fromhex(digest)}


def _token(response: bytes) -> cms.ContentInfo:
    answer = _Response.load(response, strict=True)
    status = answer["status"]
    if status["status"].native not in ("granted", "granted_with_mods"):
        texts = status["status_string"].native or []
        reason = "; ".join([*texts, *sorted(status["fail_info"].native or [])])
        raise TimestampError(
            f"the authority refused: {status['status'].native}{': ' if reason else ''}{reason}"
        )
    if isinstance(answer["time_stamp_token"], core.Void):
        raise TimestampError("the response holds no time-stamp")
    return answer["time_stamp_token"]


def _check_info(info: tsp.TSTInfo, digest: str, nonce: int | None) -> None:
    imprint = info["message_imprint"]
    wanted = bytes.fromhex(digest)
    if imprint["hash_algorithm"]["algorithm"].native != "sha256" or not hmac.compare_digest(
        imprint["hashed_message"].native, wanted
    ):
        raise TimestampError("the time-stamp is for another digest")
    if nonce is not None and info["nonce"].native != nonce:
        raise TimestampError("the time-stamp answers another request: its nonce is another")


def _certificates(signed: cms.SignedData) -> list[x509.Certificate]:
    if isinstance(signed["certificates"], core.Void):
        return []
    return [
        x509.load_der_x509_certificate(choice.chosen.dump())
        for choice in signed["certificates"]
        if choice.name == "certificate"
    ]


def _signer(signed: cms.SignedData, found: Sequence[x509.Certificate]) -> x509.Certificate:
    """The certificate that the token itself names as its signer's (RFC 3161, 2.4.1; RFC 5816)."""
    if len(signed["signer_infos"]) != 1:
        raise TimestampError("a time-stamp has one signature")
    attributes = _attributes(signed)
    for name, algorithm in (("signing_certificate_v2", None), ("signing_certificate", "sha1")):
        if name not in attributes:
            continue
        first = attributes[name][0]["certs"][0]
        method = algorithm or first["hash_algorithm"]["algorithm"].native
        for certificate in found:
            if _digest(method, _der(certificate)) == first["cert_hash"].native:
                return certificate
        raise TimestampError("the certificate of the signer is not in the response")
    raise TimestampError("the time-stamp does not name the certificate of its signer")


def _attributes(signed: cms.SignedData) -> dict[str, Any]:
    found = signed["signer_infos"][0]["signed_attrs"]
    if isinstance(found, core.Void):
        raise TimestampError("the time-stamp has no signed attributes")
    return {attribute["type"].native: attribute["values"] for attribute in found}


def _check_signature(signed: cms.SignedData, signer: x509.Certificate) -> None:
    """The signature over the signed attributes, and theirs over the content (RFC 5652, 5.4)."""
    info, attributes = signed["signer_infos"][0], _attributes(signed)
    method = info["digest_algorithm"]["algorithm"].native
    content = signed["encap_content_info"]
    stated = attributes["message_digest"][0].native if "message_digest" in attributes else b""
    if not hmac.compare_digest(_digest(method, content["content"].contents), stated):
        raise TimestampError(_NOT_SIGNED)
    kind = attributes["content_type"][0].native if "content_type" in attributes else None
    if kind != "tst_info" or content["content_type"].native != "tst_info":
        raise TimestampError("what was signed is no time-stamp")
    # They are signed as a set, not under the tag that they have in the message.
    text = b"\x31" + info["signed_attrs"].dump()[1:]
    try:
        _verify(signer, info["signature_algorithm"], method, info["signature"].native, text)
    except InvalidSignature:
        raise TimestampError(_NOT_SIGNED) from None


def _verify(
    signer: x509.Certificate,
    algorithm: algos.SignedDigestAlgorithm,
    method: str,
    signature: bytes,
    text: bytes,
) -> None:
    key, kind = signer.public_key(), algorithm.signature_algo
    if algorithm["algorithm"].native not in ("rsassa_pkcs1v15", "ecdsa"):
        method = algorithm.hash_algo  # the others leave it to the message's own digest
    if method not in _HASHES:
        raise TimestampError(f"the signature uses {method}, which is not accepted")
    if isinstance(key, rsa.RSAPublicKey) and kind == "rsassa_pkcs1v15":
        key.verify(signature, text, padding.PKCS1v15(), _HASHES[method]())
    elif isinstance(key, rsa.RSAPublicKey) and kind == "rsassa_pss":
        # With MGF1 over the same hash, as RFC 4055 recommends.
        pss = padding.PSS(
            padding.MGF1(_HASHES[method]()), algorithm["parameters"]["salt_length"].native
        )
        key.verify(signature, text, pss, _HASHES[method]())
    elif isinstance(key, ec.EllipticCurvePublicKey) and kind == "ecdsa":
        key.verify(signature, text, ec.ECDSA(_HASHES[method]()))
    else:
        raise TimestampError(f"signatures of the kind {kind} are not accepted")


def _check_purpose(signer: x509.Certificate, time: datetime) -> None:
    """A certificate for time-stamping and for nothing else (RFC 3161, 2.3), valid at that time."""
    try:
        usage = signer.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound:
        usage = None
    if not usage or not usage.critical or list(usage.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise TimestampError("the signer's certificate is not one for time-stamping alone")
    _check_validity(signer, time)


def _check_chain(
    signer: x509.Certificate,
    found: Sequence[x509.Certificate],
    anchors: Sequence[x509.Certificate],
    time: datetime,
) -> None:
    """From the signer up to a certificate that is trusted, over those in the response."""
    current = signer
    for _step in range(_LONGEST_CHAIN):
        if current in anchors:
            return
        for issuer in (*anchors, *found):
            if issuer != current and _is_authority(issuer) and _issued(issuer, current):
                _check_validity(issuer, time)
                current = issuer
                break
        else:
            break
    raise TimestampError("the signer's certificate was not issued by one that is trusted")


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    """Did the issuer sign the certificate?"""
    if issuer.subject != certificate.issuer:
        return False
    parsed = asn1_x509.Certificate.load(_der(certificate))
    algorithm = parsed["signature_algorithm"]
    try:
        _verify(issuer, algorithm, "", certificate.signature, certificate.tbs_certificate_bytes)
    except InvalidSignature:
        return False
    return True


def _check_validity(certificate: x509.Certificate, time: datetime) -> None:
    # The names with an end came with cryptography 42, which warns of those without.
    end = "_utc" if hasattr(certificate, "not_valid_before_utc") else ""
    since, until = (_utc(getattr(certificate, f"not_valid_{w}{end}")) for w in ("before", "after"))
    if not since <= time <= until:
        name = certificate.subject.rfc4514_string()
        raise TimestampError(f"the certificate of {name} was not valid at {time.isoformat()}")


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        return moment.replace(tzinfo=timezone.utc)
    return moment.astimezone(timezone.utc)


def _accuracy(info: tsp.TSTInfo) -> float | None:
    accuracy = info["accuracy"].native
    if not accuracy:
        return None
    units = {"seconds": 1.0, "millis": 1e-3, "micros": 1e-6}
    return sum((accuracy[unit] or 0) * factor for unit, factor in units.items())


def _digest(method: str, data: bytes) -> bytes:
    if method not in _DIGESTS:
        raise TimestampError(f"the time-stamp uses {method}, which is not accepted")
    return _DIGESTS[method](data).digest()


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)
