#pragma once

#include "config/schema/proxy_settings.hpp"
#include "protocol/mysql/gtid_set.hpp"
#include "splitter/rules/rule_hits.hpp"
#include "splitter/rules/rule_set.hpp"
#include "splitter/session/shared_statements.hpp"

#include <chrono>
#include <cstdint>
#include <memory>

namespace weir::splitter {

class definition_watch;

/// What sessions know of the world besides their own conversation. One per worker, renewed in place
/// between events whenever a new topology or new settings arrive.
struct environment {
    protocol::mysql::server_flavor flavor =
        protocol::mysql::server_flavor::mysql;   ///< of the primary
    std::uint32_t version_number = 0;            ///< of the primary
    protocol::mysql::gtid_set primary_executed;  ///< as of the newest probe; empty: not known
    std::chrono::steady_clock::time_point primary_asked_at{};  ///< when that probe began
    config::routing_settings routing;
    /// Null or empty: none. Its count is the worker's own, since every statement to which a rule
    /// applies holds it.
    std::shared_ptr<const rule_set> rules;
    splitter::rule_hits* rule_hits = nullptr;  ///< of these rules; null: nobody counts
    config::limit_settings limits;
    shared_statements* statements = nullptr;  ///< of the worker; outlives its sessions
    /// Null: nothing is known of stored functions and views.
    definition_watch* definitions = nullptr;
};

}  // namespace weir::splitter
