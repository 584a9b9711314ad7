#pragma once

#include "config/schema/proxy_settings.hpp"
#include "protocol/mysql/messages/greeting.hpp"
#include "replication_monitor/model/topology.hpp"

namespace weir::proxy {

/// The server whose dialect clients are greeted with: the primary, else any that has been reached;
/// null: none.
[[nodiscard]] const replication_monitor::server_state* dialect_of(
    const replication_monitor::topology& topology
);

/// A greeting with version and capabilities of that server, as far as we pass them on. Thread id
/// and scramble are the caller's to fill in; views are into `topology` and `settings`. There must
/// be a dialect.
[[nodiscard]] protocol::mysql::greeting make_offer(
    const replication_monitor::topology& topology,
    const config::proxy_settings& settings,
    bool offers_tls
);

}  // namespace weir::proxy
