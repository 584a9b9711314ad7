#include "src/proxy/position_asker.hpp"

#include "src/proxy/monitor_connection.hpp"
#include "src/proxy/proxy_worker.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>
#include <utility>

namespace weir::proxy {

using boost::asio::awaitable;
using protocol::mysql::server_flavor;
using replication_monitor::server_id;

namespace {

/// Between two questions that somebody waits for, and two that nobody waits for.
constexpr std::chrono::milliseconds shortest_pause{1};
constexpr std::chrono::milliseconds unhurried_pause{5};

/// A primary that does not answer is left alone for so long.
constexpr std::chrono::milliseconds pause_after_failure{100};

/// What the primary's binary log has. Sources: MySQL manual "gtid_executed"; MariaDB knowledge base
/// "gtid_binlog_pos".
std::string_view question_for(server_flavor flavor) {
    return flavor == server_flavor::mariadb ? "SELECT @@GLOBAL.gtid_binlog_pos"
                                            : "SELECT @@GLOBAL.gtid_executed";
}

}  // namespace

position_asker::position_asker(proxy_worker& worker) : worker_(worker), pace_(worker.io()) {}

void position_asker::ask(client_session::pointer who) {
    waiting_.push_back(std::move(who));
    if (is_pacing_) pace_.cancel();
    start();
}

void position_asker::want() {
    is_wanted_ = true;
    start();
}

void position_asker::stop() {
    is_ending_ = true;
    pace_.cancel();
    disconnect();
}

void position_asker::start() {
    if (is_running_ || is_ending_) return;
    is_running_ = true;
    boost::asio::co_spawn(worker_.io(), run(), boost::asio::detached);
}

position_asker::time_point position_asker::next_turn() const {
    const auto pause = waiting_.empty() ? unhurried_pause : shortest_pause;
    const auto patient = waiting_.empty() ? retry_at_ : time_point{};
    return std::max(sent_at_ + pause, patient);
}

awaitable<void> position_asker::run() {
    while (!is_ending_ && (is_wanted_ || !waiting_.empty())) {
        if (std::chrono::steady_clock::now() < next_turn()) {
            pace_.expires_at(next_turn());
            is_pacing_ = true;
            (void)co_await pace_.async_wait(boost::asio::as_tuple(boost::asio::deferred));
            is_pacing_ = false;
            continue;
        }
        is_wanted_ = false;
        // Who comes from now on came after the question was sent.
        const auto served = std::exchange(waiting_, {});
        const bool is_known = co_await ask_primary();
        for (const auto& session : served)
            session->on_position(is_known);
    }
    is_running_ = false;
    for (const auto& session : std::exchange(waiting_, {}))
        session->on_position(false);
}

awaitable<bool> position_asker::ask_primary() {
    const auto now = std::chrono::steady_clock::now();
    sent_at_ = now;
    const auto primary = worker_.primary();
    if (!primary || now < retry_at_) co_return false;
    const auto patience = worker_.settings().monitor.query_timeout;
    if (connection_ != nullptr && connection_->server != *primary) disconnect();
    // An idle connection may have been closed by its server: a new one, once.
    const int attempts = connection_ == nullptr ? 1 : 2;
    for (int attempt = 0; attempt < attempts; ++attempt) {
        if (connection_ == nullptr && !co_await connect(*primary, patience)) break;
        sent_at_ = std::chrono::steady_clock::now();
        const position_question question = worker_.begin_position_question(*primary, sent_at_);
        const server_flavor flavor = connection_->state.flavor;
        const std::optional<std::string> text = co_await exchange(sent_at_ + patience);
        const auto executed = protocol::mysql::gtid_set::parse(text.value_or(""), flavor);
        if (executed && !executed->empty())
            co_return worker_.on_position_answered(question, *executed);
        disconnect();
    }
    retry_at_ = std::chrono::steady_clock::now() + pause_after_failure;
    co_return false;
}

awaitable<bool> position_asker::connect(server_id server, std::chrono::milliseconds within) {
    connection_ =
        co_await connect_as_monitor(worker_, server, std::chrono::steady_clock::now() + within);
    if (is_ending_) disconnect();
    co_return connection_ != nullptr;
}

/// The one value of the one row; nothing: the connection is of no further use.
awaitable<std::optional<std::string>> position_asker::exchange(time_point deadline) {
    const auto answer =
        co_await ask_small(connection_, question_for(connection_->state.flavor), deadline);
    if (!answer || answer->is_empty() || answer->rows()[0].empty()) co_return std::nullopt;
    co_return answer->rows()[0][0];
}

void position_asker::disconnect() {
    const backend_connection_pointer left = std::exchange(connection_, nullptr);
    if (left == nullptr) return;
    say_quit(*left);
    left->stream.close();
}

}  // namespace weir::proxy
