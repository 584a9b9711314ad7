#pragma once

#include "splitter/session/session.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace weir::splitter {

/// One reason why a session keeps a connection: this one and no other, or, with an open cursor, one
/// more.
struct hold {
    std::string cause;
    std::string name;         ///< of the table, the lock, ...; empty: it has none
    std::uint32_t times = 1;  ///< must be given up so often
    std::string statement;    ///< that did it, cut; empty: not known
    friend bool operator==(const hold&, const hold&) = default;
};

/// All of them, pins first; empty: the session is free.
[[nodiscard]] std::vector<hold> holds_of(const session& session);

/// Why it cannot use another one, the first reason in words; empty: it can.
[[nodiscard]] std::string held_by(const session& session);

}  // namespace weir::splitter
