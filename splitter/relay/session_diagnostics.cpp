// GET DIAGNOSTICS behind a read on a replica: what session_core does about the user variables that
// it fills there.

#include "splitter/relay/session_core.hpp"

#include <algorithm>
#include <utility>

namespace weir::splitter {

/// A condition that is not there is no error, but a warning, and fills nothing.
void session_core::learn_diagnostics() {
    const auto& facts = relay_.facts();
    const bool has_filled =
        plan_.traits.gets_diagnostics && facts.error == 0 && facts.warnings == 0;
    if (!has_filled || backend_.state->primary || plan_.where.connection != backend_.state) return;
    auto filled = variables_of_diagnostics(plan_.text, reading_options(session_, world_));
    if (!filled) return;
    auto& untold = session_.untold_variables;
    if (untold == nullptr) untold = std::make_unique<std::vector<filled_variable>>();
    for (auto& one : *filled) {
        std::erase_if(*untold, [&](const auto& known) { return known.name == one.name; });
        untold->push_back(std::move(one));
    }
}

/// The next statement about the same diagnostics comes before: the question would clear them.
bool session_core::must_tell_variables() const noexcept {
    return session_.untold_variables != nullptr && plan_.where.connection != backend_.state;
}

}  // namespace weir::splitter
