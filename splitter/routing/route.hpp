#pragma once

#include "protocol/mysql/gtid_set.hpp"
#include "splitter/routing/route_reason.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace weir::splitter {

struct backend_state;

/// The kind of server that a statement needs.
enum class server_role : std::uint8_t { primary, replica };

/// What is required, never which server. Views and pointers are the session's, valid until its next
/// event.
struct route {
    server_role role = server_role::primary;
    route_reason why = route_reason::not_a_read;  ///< for people
    std::chrono::milliseconds lag_max = std::chrono::milliseconds::max();
    const protocol::mysql::gtid_set* must_contain = nullptr;  ///< null: no requirement
    /// So long a replica that lacks these may be waited for; 0: not at all.
    std::chrono::milliseconds causal_wait{0};
    /// The primary's position is to be asked for first, and to be required of a replica.
    bool needs_position = false;
    bool only_with_position = false;  ///< if it cannot be had: the primary
    bool is_causal = false;           ///< what is read there may not be unseen later
    /// backend_state::server of what was read last: that server if it will do, else the primary.
    std::optional<std::uint32_t> stays_at{};
    /// backend_state::server that is to be preferred, if it is eligible.
    std::optional<std::uint32_t> returns_to{};
    std::string_view server_name{};  ///< a hint asks for this server, if it is eligible; empty: any
    bool spares_primary = false;  ///< a hint asks for a replica: the primary only if none will do
    const backend_state* connection =
        nullptr;  ///< this very connection, which the session has used, and no other
    const backend_state* preferred = nullptr;  ///< the same, if it is free
    std::uint8_t attempt = 0;  ///< 0: first; more: servers that failed this statement are excluded
};

}  // namespace weir::splitter
