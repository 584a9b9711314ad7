#pragma once

#include "config/schema/proxy_settings.hpp"
#include "replication_monitor/decision/account_list_builder.hpp"
#include "replication_monitor/decision/definitions_reading.hpp"
#include "replication_monitor/decision/probe_result.hpp"

#include <functional>
#include <memory>
#include <string_view>

namespace weir::replication_monitor {

/// Asks one server. All calls block, for a bounded time, and report failure in their result. Owned
/// by one thread at a time.
class probe {
public:
    probe() = default;
    probe(const probe&) = delete;
    probe& operator=(const probe&) = delete;
    probe(probe&&) = delete;
    probe& operator=(probe&&) = delete;
    virtual ~probe() = default;

    [[nodiscard]] virtual probe_result ask() = 0;
    [[nodiscard]] virtual accounts_reading read_accounts() = 0;

    /// Reads routines and views, unless their fingerprint is the one given.
    [[nodiscard]] virtual definitions_reading read_definitions(std::string_view known_fingerprint
    ) = 0;
};

/// What a probe needs to know of its server.
struct probe_settings {
    config::server_settings server;
    config::monitor_settings monitor;
    config::server_tls_settings tls;
    friend bool operator==(const probe_settings&, const probe_settings&) = default;
};

/// Makes the probe of one server. Called on the thread that will use it, from several threads at
/// once; must not block.
using probe_factory = std::function<std::unique_ptr<probe>(const probe_settings&)>;

}  // namespace weir::replication_monitor
