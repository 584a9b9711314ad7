#pragma once

#include "protocol/mysql/messages/session_track.hpp"
#include "protocol/wire/bytes_view.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace weir::fuzz {

/// True if session tracking has what servers do not report unless asked: a client did not ask.
[[nodiscard]] inline bool shows_hidden_tracking(protocol::wire::bytes_view session_state) {
    using protocol::mysql::session_track_type;
    constexpr std::array<std::string_view, 5> usual{
        "autocommit",
        "character_set_client",
        "character_set_connection",
        "character_set_results",
        "time_zone"};
    protocol::mysql::session_track_reader reader(session_state);
    while (true) {
        const auto entry = reader.next();
        if (!entry) return true;
        if (!*entry) return false;
        if ((*entry)->type == session_track_type::gtids) return true;
        if ((*entry)->type == session_track_type::state_change) return true;
        if ((*entry)->type != session_track_type::system_variables) continue;
        if (std::ranges::find(usual, (*entry)->name) == usual.end()) return true;
    }
}

}  // namespace weir::fuzz
