#include "src/proxy/credential_cache.hpp"

namespace weir::proxy {

namespace sha2 = protocol::mysql::auth::caching_sha2_password;
using protocol::mysql::auth::secret;

std::optional<secret> credential_cache::find(
    const std::string& user,
    protocol::wire::bytes_view response,
    protocol::wire::bytes_view scramble
) const {
    const std::scoped_lock lock(mutex_);
    const auto known = entries_.find(user);
    if (known == entries_.end()) return std::nullopt;
    if (!sha2::recover_key(response, scramble, known->second.stored)) return std::nullopt;
    return known->second.password;
}

void credential_cache::put(const std::string& user, const secret& password) {
    if (password.empty()) return;
    entry fresh{password, sha2::stored_from_key(sha2::key_from_password(password.text()))};
    const std::scoped_lock lock(mutex_);
    entries_[user] = std::move(fresh);
}

void credential_cache::forget(const std::string& user) {
    const std::scoped_lock lock(mutex_);
    entries_.erase(user);
}

}  // namespace weir::proxy
