// The part of client_session that has the primary asked for its position and tells other sessions
// what has changed for them.

#include "src/proxy/client_session.hpp"
#include "src/proxy/proxy_worker.hpp"

namespace weir::proxy {

void client_session::on_position(bool is_known) {
    if (!is_closed_) perform(core_->on_position(is_known));
}

/// A statement has been answered, and the client does not have the end of the answer yet: whoever
/// hears of it from this client finds it known.
void client_session::tell_others() {
    const splitter::causality& written = core_->facts().written;
    if (std::exchange(reported_writes_, written.writes()) != written.writes())
        worker_.context().confirmed_writes.fetch_add(1);
    if (std::exchange(login_changes_, core_->login_changes()) != core_->login_changes())
        worker_.context().login_epoch.fetch_add(1, std::memory_order_release);
    if (written.wants_position()) worker_.want_position();
}

}  // namespace weir::proxy
