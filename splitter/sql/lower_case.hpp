#pragma once

#include "splitter/sql/word.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace weir::splitter {

/// A name as it is compared: servers do not tell ASCII letters apart by their case.
[[nodiscard]] inline std::string lower_case(std::string_view name) {
    std::string lowered(name);
    std::ranges::transform(lowered, lowered.begin(), ascii_lower);
    return lowered;
}

}  // namespace weir::splitter
