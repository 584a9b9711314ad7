#pragma once

#include "splitter/sql/level_set.hpp"
#include "splitter/sql/token.hpp"

#include <cstddef>

namespace weir::splitter {

/// Tells which names in a query stand where a table or a view is named without its schema: after
/// FROM, JOIN and TABLE, and after a comma or a parenthesis in the list of FROM. Says it of some
/// other names too (an alias's list, what follows FROM in TRIM), but of none too few.
class table_positions {
public:
    /// To be called with each token in turn; `depth` counts the parentheses open before it. True
    /// if a name at `current` may be a table's.
    bool on_token(const token& current, const token& previous, std::size_t depth) noexcept;

private:
    level_set in_list_;  ///< between FROM and the clause that follows it
};

}  // namespace weir::splitter
