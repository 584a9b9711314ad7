#pragma once

#include "splitter/sql/body_leftovers.hpp"
#include "splitter/sql/definition_source.hpp"

#include <map>

namespace weir::splitter {

/// What the routines of a server leave on the connection that runs them, each with all that it
/// calls, by schema and name in lower case.
struct routine_leftovers {
    std::map<body_leftovers::name, body_leftovers> procedures;
    std::map<body_leftovers::name, body_leftovers> functions;
};

[[nodiscard]] routine_leftovers leftovers_of(const definition_source& from);

}  // namespace weir::splitter
