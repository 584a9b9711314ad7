"""How a client proves its password: mysql_native_password and caching_sha2_password, without TLS."""
import hashlib


def mixed(left, right):
    return bytes(a ^ b for a, b in zip(left, right))


def native_password(password, salt):
    first = hashlib.sha1(password).digest()
    return mixed(first, hashlib.sha1(salt + hashlib.sha1(first).digest()).digest())


def caching_sha2_password(password, salt):
    first = hashlib.sha256(password).digest()
    return mixed(first, hashlib.sha256(hashlib.sha256(first).digest() + salt).digest())


METHODS = {b"mysql_native_password": native_password, b"caching_sha2_password": caching_sha2_password}


def proof(method, password, salt):
    """What answers `salt`. Unknown methods get an empty answer, which servers meet with a request for another method."""
    return METHODS[method](password, salt) if password and method in METHODS else b""


def sealed_password(password, salt, key):
    """The password for the full exchange of caching_sha2_password, under the server's public key (PEM)."""
    # Imported here: most runs never need it, and it is slow to load.
    from cryptography.hazmat.primitives import hashes, serialization    # pylint: disable=import-outside-toplevel
    from cryptography.hazmat.primitives.asymmetric import padding    # pylint: disable=import-outside-toplevel
    text = password + b"\0"
    salted = bytes(byte ^ salt[at % len(salt)] for at, byte in enumerate(text))
    oaep = padding.OAEP(mgf=padding.MGF1(hashes.SHA1()), algorithm=hashes.SHA1(), label=None)
    return serialization.load_pem_public_key(key).encrypt(salted, oaep)


def prove(link, password):
    """Goes on after a login packet or COM_CHANGE_USER, until the server has decided; its OK or ERR packet."""
    while True:
        packet = link.read_packet()
        if packet[0] in (0x00, 0xFF):
            return packet
        if packet[0] == 0xFE:
            link.method, _, salt = packet[1:].partition(b"\0")
            link.salt = salt[:20]
            link.send_packet(proof(link.method, password, link.salt))
        elif packet[:2] == b"\x01\x04":
            link.send_packet(b"\x02")
        elif packet[0] == 0x01 and len(packet) > 2:
            link.send_packet(sealed_password(password, link.salt, packet[1:]))
