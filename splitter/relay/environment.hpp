#pragma once

#include "config/schema/proxy_settings.hpp"
#include "protocol/mysql/gtid_set.hpp"
#include "splitter/rules/rule_hits.hpp"
#include "splitter/rules/rule_set.hpp"
#include "splitter/session/shared_statements.hpp"
#include "splitter/sql/statement_readings.hpp"

#include <atomic>
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
    protocol::mysql::gtid_set primary_executed;  ///< as of the newest answer; empty: not known
    std::chrono::steady_clock::time_point primary_asked_at{};  ///< when that was asked
    /// The primary can be asked for its position: session_action::kind::ask_position is answered.
    bool asks_positions = false;
    std::uint64_t positions_asked = 0;  ///< questions to it, counted
    /// What the question of this number found is in `primary_executed`; 0: none has been answered.
    std::uint64_t position_answered = 0;
    /// Writes that were confirmed to clients of the process; null: nobody counts them.
    const std::atomic<std::uint64_t>* confirmed_writes = nullptr;
    std::uint64_t writes_answered = 0;  ///< so many of these are in `primary_executed` for sure
    /// The primary's binary log can tell what became of a commit whose answer was lost.
    bool resolves_commits = false;
    config::routing_settings routing;
    /// Null or empty: none. Its count is the worker's own, since every statement to which a rule
    /// applies holds it.
    std::shared_ptr<const rule_set> rules;
    splitter::rule_hits* rule_hits = nullptr;  ///< of these rules; null: nobody counts
    config::limit_settings limits;
    shared_statements* statements = nullptr;  ///< of the worker; outlives its sessions
    statement_readings* readings = nullptr;   ///< likewise; null: every text is read
    /// Null: nothing is known of stored functions and views.
    definition_watch* definitions = nullptr;
};

}  // namespace weir::splitter
