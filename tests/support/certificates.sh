# shellcheck shell=bash
# Certificates for tests. Sourced; needs openssl.

# make_certificates DIR: ca.pem, ca-key.pem, server-cert.pem and server-key.pem (SAN localhost, 127.0.0.1, ::1).
make_certificates() (
    cd "$1" || exit 1
    {
        openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -keyout ca-key.pem -out ca.pem -subj "/CN=weir test CA"
        openssl req -newkey rsa:2048 -nodes -keyout server-key.pem -out server.csr -subj "/CN=localhost"
        openssl x509 -req -in server.csr -days 3650 -CA ca.pem -CAkey ca-key.pem -CAcreateserial -out server-cert.pem \
            -extfile <(printf 'subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1\n')
        chmod 644 ./*.pem
    } >openssl.log 2>&1 || {
        cat openssl.log >&2
        exit 1
    }
)
