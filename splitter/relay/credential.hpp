#pragma once

#include "protocol/mysql/auth/secret.hpp"

#include <cstdint>
#include <utility>

namespace weir::splitter {

/// What a session can prove its account with, towards servers. A secret: wiped, never logged.
struct credential {
    enum class kind : std::uint8_t {
        none,        ///< nothing: only the client itself can answer a server
        empty,       ///< the account has no password
        native_key,  ///< SHA1(password): answers mysql_native_password
        sha2_key,    ///< SHA256(password): answers the fast path of caching_sha2_password
        password,    ///< answers everything
    };

    kind what = kind::none;
    protocol::mysql::auth::secret value;
};

}  // namespace weir::splitter
