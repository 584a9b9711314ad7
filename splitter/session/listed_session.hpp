#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace weir::splitter {

/// A session of weir as a list of connections shows it. Plain value: it crosses from worker to
/// worker.
struct listed_session {
    std::uint32_t id = 0;  ///< as its client was told
    std::string user;
    std::string host;    ///< of the client
    std::string schema;  ///< empty: none
    /// The number of its connection on the server whose list is shown; 0: it has none there, or
    /// runs something elsewhere.
    std::uint32_t thread_id = 0;
    std::string elsewhere;         ///< the server that runs its statement, if that is another one
    std::string text;              ///< of the statement under way; empty: none
    std::chrono::seconds time{0};  ///< since it began, or since the last one
    friend bool operator==(const listed_session&, const listed_session&) = default;
};

}  // namespace weir::splitter
