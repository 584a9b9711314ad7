#pragma once

#include "config/loader/load_proxy.hpp"
#include "splitter/rules/rule_set.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace weir::proxy {

/// A configuration as it was read, with its rules ready for use. To be used only if `outcome` is
/// ok.
struct configuration {
    config::load_outcome outcome;
    std::shared_ptr<const splitter::rule_set> rules;  ///< never null
};

/// Are the examples beside rules tried too?
enum class rule_examples : std::uint8_t { left_out, tried };

/// Reads and checks a file and compiles its rules; all that is wrong is in the outcome.
[[nodiscard]] configuration load_configuration(const std::string& path, rule_examples examples);

}  // namespace weir::proxy
