#pragma once

#include "config/schema/proxy_settings.hpp"
#include "protocol/mysql/auth/caching_sha2_password.hpp"
#include "replication_monitor/model/account.hpp"
#include "replication_monitor/model/topology.hpp"
#include "splitter/rules/rule_set.hpp"
#include "src/net/listener.hpp"
#include "src/net/tls_context.hpp"
#include "src/proxy/backend_budget.hpp"
#include "src/proxy/credential_cache.hpp"
#include "src/proxy/definition_ledger.hpp"
#include "src/proxy/session_limits.hpp"
#include "src/runtime/log.hpp"
#include "src/runtime/snapshot.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

namespace weir::proxy {

class proxy_worker;

/// Certificates in force; null members: TLS is off on that side.
struct tls_contexts {
    std::shared_ptr<const net::tls_context> clients;
    std::shared_ptr<const net::tls_context> servers;
};

/// What all workers have in common: immutable snapshots replaced whole, and the few things that are
/// touched at logins only. Made by main before the workers, destroyed after them. Threads: any.
struct proxy_context {
    proxy_context(
        runtime::logger& logger, protocol::mysql::auth::caching_sha2_password::rsa_key_pair key_pair
    )
        : log(logger), keys(std::move(key_pair)) {}

    runtime::logger& log;
    runtime::snapshot_publisher<config::proxy_settings> settings;
    runtime::snapshot_publisher<splitter::rule_set> rules;  ///< those of the settings, compiled
    runtime::snapshot_publisher<replication_monitor::topology> topology;
    runtime::snapshot_publisher<replication_monitor::account_list> accounts;
    runtime::snapshot_publisher<tls_contexts> tls;
    const protocol::mysql::auth::caching_sha2_password::rsa_key_pair keys;
    credential_cache credentials;
    session_limits limits;
    backend_budget budget;
    std::size_t workers = 1;  ///< set before they are made
    definition_ledger definitions;
    /// Writes whose outcome a client was told, counted: has anything been written since?
    std::atomic<std::uint64_t> confirmed_writes{0};

    /// Moves when accounts, rights or global values may have changed: a session that logs in later
    /// finds what is new, and so may not get a connection that was logged in before.
    std::atomic<std::uint64_t> login_epoch{1};

    /// Asks the monitor to read the accounts again soon: a client's password did not match what is
    /// known.
    std::function<void()> request_accounts;

    /// Runs an action in the thread of the worker with this index. False: there is none. Dropped if
    /// that worker has ended.
    std::function<bool(std::size_t worker, std::function<void(proxy_worker&)> action)>
        post_to_worker;

    /// Asks all workers for a connection to this server that one of them can do without.
    std::function<void(replication_monitor::server_id)> ask_for_place;

    /// Gives a socket that was accepted on a shared listener to the next worker.
    std::function<void(net::accepted_socket)> hand_over;
};

}  // namespace weir::proxy
