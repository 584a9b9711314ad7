#pragma once

#include "config/loader/problem_list.hpp"
#include "config/schema/proxy_settings.hpp"

namespace weir::config {

/// What does not fit together within a rule, between rules, and between rules and servers. Patterns
/// are not looked into: whoever compiles them says what is wrong with one. Says nothing about keys
/// that are already wrong by themselves.
void validate_rules(const proxy_settings& settings, problem_list& problems);

}  // namespace weir::config
