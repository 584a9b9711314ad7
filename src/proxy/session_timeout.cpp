// The part of client_session that ends a statement which runs longer than a rule allows: it is
// killed on its server, which answers with its own error.

#include "src/proxy/brief_query.hpp"
#include "src/proxy/client_session.hpp"
#include "src/proxy/proxy_worker.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <utility>

namespace weir::proxy {

using boost::asio::awaitable;

namespace {

/// A statement that is on its way to another server cannot be killed there yet.
constexpr std::chrono::milliseconds until_next_look{50};

}  // namespace

/// The client's command goes to a server. Its time begins with the first one.
void client_session::begin_timeout() {
    const splitter::command_plan& plan = core_->plan();
    if (timeout_ != nullptr || plan.rules == nullptr || !core_->is_sending()) return;
    const auto* const rule = plan.rules->decision.timeout;
    const bool runs = class_of(plan.command) == command_class::query ||
                      class_of(plan.command) == command_class::execute;
    if (!runs || rule == nullptr || rule->then.timeout->count() == 0) return;
    timeout_ = std::make_unique<statement_timeout>(worker_.io(), core_->commands_ended());
    arm_timeout(*rule->then.timeout);
}

void client_session::arm_timeout(std::chrono::milliseconds time) {
    timeout_->timer.expires_after(time);
    timeout_->timer.async_wait([self = pointer(this), of = timeout_->statement](error_code error) {
        const bool is_over = error || self->is_closed_ || !self->is_under_timeout(of);
        if (!is_over) self->on_timeout();
    });
}

bool client_session::is_under_timeout(std::uint64_t statement) const {
    return timeout_ != nullptr && timeout_->statement == statement &&
           core_->commands_ended() == statement;
}

void client_session::on_timeout() {
    if (current_ == nullptr) return arm_timeout(until_next_look);
    boost::asio::co_spawn(worker_.io(), run_timeout(pointer(this)), boost::asio::detached);
}

awaitable<void> client_session::run_timeout(pointer self) {
    const std::uint64_t statement = self->timeout_->statement;
    const backend_connection_pointer victim = self->current_;
    const auto helper = co_await connection_beside(self, victim->server);
    if (self->is_closed_ || helper == nullptr) co_return;
    const bool runs = self->is_under_timeout(statement) && self->current_ == victim;
    if (!runs) {
        self->give_back(*helper);
        co_return;
    }
    const auto& plan = self->core_->plan();
    if (plan.rules != nullptr && plan.rules->decision.timeout != nullptr)
        self->worker_.on_timed_out(*plan.rules->decision.timeout);
    helper->leased = true;
    backend_pool::withdraw(*helper);
    // The statement's answer waits for that of the KILL, which would else meet what comes next.
    self->timeout_->is_killing = true;
    const auto deadline =
        std::chrono::steady_clock::now() + self->worker_.settings().timeouts.login;
    const auto answer = co_await ask_briefly(
        *helper, "KILL QUERY " + std::to_string(victim->state.thread_id), deadline
    );
    if (self->is_closed_) co_return;
    helper->leased = false;
    helper->last_used = std::chrono::steady_clock::now();
    if (answer) self->give_back(*helper);
    if (!answer) self->forget(*helper, ending::broken);
    self->end_kill_of_timeout();
}

/// What was held back of the answer goes to the client.
void client_session::end_kill_of_timeout() {
    if (timeout_ == nullptr) return;
    timeout_->is_killing = false;
    const auto bytes = std::exchange(timeout_->held_back, {});
    if (bytes.empty()) return;
    if (const auto next = write_client(bytes)) perform(*next);
}

/// True: these bytes are written later.
bool client_session::is_held_back(protocol::wire::bytes_view bytes) {
    if (timeout_ == nullptr || !timeout_->is_killing) return false;
    timeout_->held_back = bytes;
    return true;
}

}  // namespace weir::proxy
