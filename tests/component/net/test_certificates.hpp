#pragma once

#include <string>

namespace weir::net::test {

/// Where a certificate and its key lie as PEM files, for the life of the test program.
struct certificate_files {
    std::string cert;
    std::string key;
};

/// A certificate authority made for this run, which signs what tests need.
class test_authority {
public:
    explicit test_authority(const std::string& name);

    /// Its own certificate, for `ca` settings.
    [[nodiscard]] const std::string& file() const { return own_.cert; }

    /// A certificate for `alternative_names` in OpenSSL's words: `DNS:db1.example,IP:127.0.0.1`.
    [[nodiscard]] certificate_files issue(
        const std::string& name, const std::string& alternative_names
    ) const;

private:
    certificate_files own_;
};

}  // namespace weir::net::test
