#include "src/net/tls_error.hpp"

#include <openssl/err.h>
#include <openssl/x509.h>

#include <array>
#include <limits>
#include <string>

namespace weir::net {

namespace {

// Boost declares the category's destructor protected and not virtual on purpose: categories are
// never deleted.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"

class tls_category_type final : public boost::system::error_category {
public:
    [[nodiscard]] const char* name() const noexcept override { return "tls"; }

    [[nodiscard]] std::string message(int value) const override {
        const auto code = static_cast<unsigned long>(static_cast<unsigned int>(value));
        if (const char* const reason = ERR_reason_error_string(code)) return reason;
        return "TLS error " + std::to_string(code);
    }
};

class certificate_category_type final : public boost::system::error_category {
public:
    [[nodiscard]] const char* name() const noexcept override { return "certificate"; }

    [[nodiscard]] std::string message(int value) const override {
        return X509_verify_cert_error_string(value);
    }
};

#pragma GCC diagnostic pop

}  // namespace

const boost::system::error_category& tls_category() noexcept {
    static const tls_category_type category;
    return category;
}

const boost::system::error_category& certificate_category() noexcept {
    static const certificate_category_type category;
    return category;
}

error_code take_tls_error() noexcept {
    const unsigned long code = ERR_get_error();
    ERR_clear_error();
    // OpenSSL 3 packs library and reason into 32 bits; a system error has the top bit set and
    // carries an errno.
    if (ERR_SYSTEM_ERROR(code)) return {ERR_GET_REASON(code), boost::system::system_category()};
    // A failure without a queued reason must not look like success.
    if (code == 0) return {std::numeric_limits<int>::max(), tls_category()};
    return {static_cast<int>(code), tls_category()};
}

}  // namespace weir::net
