#pragma once

#include "protocol/wire/result.hpp"

namespace weir::net {

/// Codes of OpenSSL's error queue, whose messages are OpenSSL's reasons.
[[nodiscard]] const boost::system::error_category& tls_category() noexcept;

/// Results of certificate verification (X509_V_ERR_*).
[[nodiscard]] const boost::system::error_category& certificate_category() noexcept;

/// The oldest error in this thread's OpenSSL queue, which is emptied.
[[nodiscard]] error_code take_tls_error() noexcept;

}  // namespace weir::net
