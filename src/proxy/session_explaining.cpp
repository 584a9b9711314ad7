// The part of client_session that says where statements go and went.

#include "src/proxy/client_session.hpp"
#include "src/proxy/proxy_worker.hpp"

#include <algorithm>

namespace weir::proxy {

client_session::next_action client_session::explain_route(const splitter::route& where) {
    if (current_ != nullptr)
        return core_->on_route_explained(worker_.explain_held(current_->server));
    const auto own = std::ranges::find_if(connections_, [&](const auto& one) {
        return &one->state == where.connection;
    });
    return core_->on_route_explained(
        own == connections_.end() ? worker_.explain(where) : worker_.explain_held((*own)->server)
    );
}

/// The statement under way is sent now: a trace is to say where, and after how long.
void client_session::note_in_trace() {
    splitter::statement_trace* const trace = core_->facts().trace.get();
    if (trace == nullptr || !core_->is_sending()) return;
    trace->server = worker_.name_of(current_->server);
    trace->on_primary = current_->state.primary;
    trace->choice = trace->attempts > 0 ? lb::name_of(selection_reason_) : "";
    trace->wait = std::chrono::steady_clock::now() - last_active_;
}

}  // namespace weir::proxy
