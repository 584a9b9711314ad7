// The part of client_session that has the primary asked for its position.

#include "src/proxy/client_session.hpp"
#include "src/proxy/proxy_worker.hpp"

namespace weir::proxy {

void client_session::on_position(bool is_known) {
    if (!is_closed_) perform(core_->on_position(is_known));
}

/// A statement is over: others may be told of what it wrote, and what it saw may have to be known.
void client_session::report_causality() {
    const splitter::causality& written = core_->facts().written;
    if (std::exchange(reported_writes_, written.writes()) != written.writes())
        worker_.context().confirmed_writes.fetch_add(1);
    if (written.wants_position()) worker_.want_position();
}

}  // namespace weir::proxy
