#pragma once

#include <cstdint>
#include <string>

namespace weir::config {

/// Oldest TLS version that is spoken.
enum class tls_version : std::uint8_t { tls_1_2, tls_1_3 };

/// What weir-proxy asks of its clients.
enum class client_tls_mode : std::uint8_t {
    disabled,  ///< TLS is not offered
    allow,     ///< offered; plain clients are served
    require,   ///< plain clients are refused with error 3159
};

/// What weir-proxy does towards servers; the words are those of the clients' ssl-mode option.
enum class server_tls_mode : std::uint8_t {
    disabled,
    preferred,        ///< if the server offers it; the certificate is not looked at
    required,         ///< or the connection fails; the certificate is not looked at
    verify_ca,        ///< and its certificate is signed by `ca`
    verify_identity,  ///< and it names the server's host
};

/// TLS towards clients. Reloadable on SIGHUP, the files too.
struct client_tls_settings {
    client_tls_mode mode = client_tls_mode::disabled;
    std::string cert;  ///< PEM file, the chain included; needed unless disabled
    std::string key;   ///< PEM file
    std::string
        ca;  ///< PEM file: clients must show a certificate signed by it; empty: not asked for
    tls_version minimum_version = tls_version::tls_1_2;
    friend bool operator==(const client_tls_settings&, const client_tls_settings&) = default;
};

/// TLS towards servers. Reloadable; open connections keep what they have.
struct server_tls_settings {
    server_tls_mode mode = server_tls_mode::preferred;
    std::string cert;  ///< our certificate, for servers that ask (REQUIRE X509); may be empty
    std::string key;
    std::string ca;
    tls_version minimum_version = tls_version::tls_1_2;
    friend bool operator==(const server_tls_settings&, const server_tls_settings&) = default;
};

}  // namespace weir::config
