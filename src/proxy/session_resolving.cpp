// The part of client_session that has the outcome of a lost commit found out.

#include "src/proxy/client_session.hpp"
#include "src/proxy/proxy_worker.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace weir::proxy {

using boost::asio::awaitable;
using splitter::resolved_commit;

client_session::next_action client_session::resolve_commit(const splitter::lost_commit& lost) {
    boost::asio::co_spawn(worker_.io(), run_inquiry(pointer(this), lost), boost::asio::detached);
    return std::nullopt;
}

awaitable<void> client_session::run_inquiry(pointer self, splitter::lost_commit lost) {
    const auto deadline =
        std::chrono::steady_clock::now() + self->worker_.settings().timeouts.commit_outcome;
    commit_inquiry inquiry(self->worker_, self->dropped_, std::move(lost), deadline);
    self->inquiry_ = &inquiry;
    const resolved_commit found = co_await inquiry.run();
    self->inquiry_ = nullptr;
    self->worker_.on_commit_resolved(self->dropped_.server, found);
    if (!self->is_closed_) self->perform(self->core_->on_commit_resolved(found));
}

}  // namespace weir::proxy
