#include "src/proxy/greeting_offer.hpp"

#include "protocol/mysql/auth/caching_sha2_password.hpp"
#include "protocol/mysql/auth/native_password.hpp"
#include "protocol/wire/ensure.hpp"

#include <algorithm>

namespace weir::proxy {

using protocol::mysql::capability;
using protocol::mysql::capability_set;
using protocol::mysql::server_flavor;
using replication_monitor::server_state;

const server_state* dialect_of(const replication_monitor::topology& topology) {
    if (topology.primary) {
        const auto* const primary = topology.find(*topology.primary);
        if (primary != nullptr && primary->version_number != 0) return primary;
    }
    const auto known = std::ranges::find_if(topology.servers, [](const server_state& server) {
        return server.version_number != 0;
    });
    return known == topology.servers.end() ? nullptr : &*known;
}

namespace {

/// What a session's answers cannot keep when they come from several servers, or what we do not
/// speak.
constexpr capability_set not_offered{
    capability::ssl,
    capability::compress,
    capability::zstd_compression,
    capability::multi_factor_authentication,
    capability::capability_extension,
    capability::ssl_verify_server_cert,
    capability::remember_options,
    capability::com_multi,
    // A server leaves out what it has sent before, but the client has it from another connection's
    // statement.
    capability::cache_metadata,
};

}  // namespace

protocol::mysql::greeting make_offer(
    const replication_monitor::topology& topology,
    const config::proxy_settings& settings,
    bool offers_tls
) {
    const auto* const dialect = dialect_of(topology);
    WEIR_ENSURE(dialect != nullptr);
    protocol::mysql::greeting offer;
    offer.server_version =
        settings.server_version.empty() ? dialect->version_text : settings.server_version;
    offer.capabilities = capability_set(dialect->capabilities & ~not_offered.value());
    offer.capabilities = offer.capabilities.with(capability::connect_with_db);
    if (settings.compression) {
        offer.capabilities =
            offer.capabilities.with(capability::compress).with(capability::zstd_compression);
    }
    if (offers_tls) offer.capabilities = offer.capabilities.with(capability::ssl);
    offer.collation = dialect->default_collation;
    offer.status = {protocol::mysql::status_flag::autocommit};
    constexpr std::uint32_t sha2_is_default = 80000;
    const bool sha2 =
        dialect->flavor == server_flavor::mysql && dialect->version_number >= sha2_is_default;
    offer.auth_plugin = sha2 ? protocol::mysql::auth::caching_sha2_password::plugin_name
                             : protocol::mysql::auth::native_password::plugin_name;
    return offer;
}

}  // namespace weir::proxy
