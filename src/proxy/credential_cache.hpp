#pragma once

#include "protocol/mysql/auth/caching_sha2_password.hpp"
#include "protocol/mysql/auth/secret.hpp"

#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace weir::proxy {

/// Passwords that servers have accepted in full exchanges of caching_sha2_password: later logins of
/// the account take the fast path, and further connections can be made in its name. In memory only,
/// wiped when they go. One per process. Threads: any; behind a mutex that is taken at logins only.
class credential_cache {
public:
    /// If `response` to `scramble` proves the password known for `user`: that password.
    [[nodiscard]] std::optional<protocol::mysql::auth::secret> find(
        const std::string& user,
        protocol::wire::bytes_view response,
        protocol::wire::bytes_view scramble
    ) const;

    /// A server has accepted this password.
    void put(const std::string& user, const protocol::mysql::auth::secret& password);

    /// A server has refused what is known: the password has changed, or the account is gone.
    void forget(const std::string& user);

private:
    struct entry {
        protocol::mysql::auth::secret password;
        protocol::mysql::auth::caching_sha2_password::digest stored{};
    };

    mutable std::mutex mutex_;
    std::map<std::string, entry, std::less<>> entries_;
};

}  // namespace weir::proxy
