#pragma once

#include "splitter/relay/command_plan.hpp"
#include "splitter/relay/local_result.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace weir::splitter {

/// Where a statement goes.
enum class route_target : std::uint8_t {
    primary,
    replica,
    pinned,  ///< the connection that the session holds, or that alone can answer
    proxy,   ///< weir answers it
};

/// One server as the program sees it for a statement.
struct candidate_server {
    std::string name;
    bool eligible = false;
    std::string reason;  ///< why it is not, or why it would be chosen; empty: nothing to add
    std::optional<std::chrono::milliseconds> lag;  ///< of a replica
};

/// Where a statement would go by the program's view of the servers.
struct explained_servers {
    route_target target = route_target::primary;
    std::vector<candidate_server> servers;  ///< the likeliest first
};

/// What EXPLAIN ROUTE tells of a statement itself. Plain value, without views.
struct route_explanation {
    bool is_answered_here = false;
    std::string reason;
    std::string kinds;
    std::optional<std::uint64_t> digest;
};

/// Of a statement that is planned but not run. `held_by` is what holds the session on its
/// connection; empty: nothing does.
[[nodiscard]] route_explanation explanation_of(
    const command_plan& plan, const lexer_options& options, std::string held_by
);

/// The columns of EXPLAIN ROUTE, without rows.
[[nodiscard]] local_result route_columns();

[[nodiscard]] local_result rows_of(
    const route_explanation& statement, const explained_servers& servers
);

}  // namespace weir::splitter
