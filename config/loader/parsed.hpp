#pragma once

#include <string>

namespace weir::config {

/// A value, or what is wrong with the text it was to be read from, worded to follow that text: `has
/// no unit`.
template <class Value>
struct parsed {
    Value value{};
    std::string problem;  ///< empty: `value` holds

    [[nodiscard]] bool ok() const noexcept { return problem.empty(); }
};

}  // namespace weir::config
