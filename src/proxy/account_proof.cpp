#include "src/proxy/account_proof.hpp"

#include "protocol/mysql/auth/caching_sha2_password.hpp"
#include "protocol/mysql/auth/ed25519.hpp"
#include "protocol/mysql/auth/native_password.hpp"

namespace weir::proxy {

namespace native = protocol::mysql::auth::native_password;
namespace sha2 = protocol::mysql::auth::caching_sha2_password;
using splitter::credential;

namespace {

/// Servers name a method for themselves, clients sometimes by another name.
std::string_view client_name_of(std::string_view plugin) {
    if (plugin == "ed25519") return protocol::mysql::auth::ed25519::plugin_name;
    return plugin;
}

}  // namespace

std::string_view method_of(
    const replication_monitor::account_list& accounts, std::string_view user
) {
    std::string_view method;
    const auto [first, last] = accounts.by_user.equal_range(user);
    for (auto at = first; at != last; ++at) {
        const std::string_view name = client_name_of(at->second.plugin);
        if (!method.empty() && method != name) return {};
        method = name;
    }
    return method;
}

credential derive_credential(
    const replication_monitor::account_list& accounts,
    std::string_view user,
    const client_proof& proof
) {
    if (proof.response.empty()) return {credential::kind::empty, {}};
    if (proof.method != native::plugin_name) return {};
    const auto [first, last] = accounts.by_user.equal_range(user);
    for (auto at = first; at != last; ++at) {
        if (at->second.plugin != native::plugin_name) continue;
        const auto stored = native::parse_stored(at->second.authentication_string);
        if (!stored) continue;
        auto key = native::recover_key(proof.response, proof.scramble, *stored);
        if (key) return {credential::kind::native_key, std::move(*key)};
    }
    return {};
}

bool proves(const client_proof& proof, std::string_view password) {
    if (password.empty()) return proof.response.empty();
    if (proof.method == native::plugin_name) {
        const auto stored = native::stored_from_key(native::key_from_password(password));
        return native::recover_key(proof.response, proof.scramble, stored).has_value();
    }
    if (proof.method == sha2::plugin_name) {
        const auto stored = sha2::stored_from_key(sha2::key_from_password(password));
        return sha2::recover_key(proof.response, proof.scramble, stored).has_value();
    }
    return false;
}

}  // namespace weir::proxy
