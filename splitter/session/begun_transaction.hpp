#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace weir::splitter {

/// How the read-only transaction that is open on a replica came about, so that it can be begun
/// again on the primary. Plain value.
struct begun_transaction {
    std::vector<std::string> statements;  ///< SET TRANSACTION, START TRANSACTION, SAVEPOINT
    bool moves = false;                   ///< is being begun again
    bool is_open = false;                 ///< and not only announced by SET TRANSACTION
    std::size_t repeated = 0;             ///< so many statements have been, where it moves to

    void clear() noexcept { *this = {}; }
};

}  // namespace weir::splitter
