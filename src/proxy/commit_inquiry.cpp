#include "src/proxy/commit_inquiry.hpp"

#include "protocol/mysql/messages/binlog_dump_gtid.hpp"
#include "protocol/mysql/messages/err.hpp"
#include "protocol/mysql/packet_writer.hpp"
#include "src/net/transfer.hpp"
#include "src/proxy/monitor_connection.hpp"
#include "src/proxy/proxy_worker.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

namespace weir::proxy {

using boost::asio::awaitable;
using protocol::mysql::gtid_set;
using protocol::mysql::server_flavor;
using replication_monitor::binlog::commit_search;
using replication_monitor::binlog::commit_verdict;
using replication_monitor::binlog::event_stream;
using replication_monitor::binlog::wanted_commit;
using splitter::resolved_commit;
using splitter::small_result;

namespace {

/// Between two tries to reach the server, or to see the connection gone.
constexpr std::chrono::milliseconds pause_between{20};

constexpr std::uint16_t no_such_thread = 1094;
constexpr std::uint16_t kill_denied = 1095;

/// From here on the status of the binary log is asked for by that name.
constexpr std::uint32_t version_of_binary_log_status = 80'200;

/// In the order in which `ask_facts` reads them.
constexpr std::string_view facts_query =
    "SELECT @@server_uuid, @@server_id, @@log_bin, @@GLOBAL.gtid_mode, @@GLOBAL.completion_type, "
    "@@GLOBAL.binlog_error_action, @@GLOBAL.sync_binlog, "
    "@@GLOBAL.innodb_flush_log_at_trx_commit, "
    "UNIX_TIMESTAMP() * 1000000 + MICROSECOND(NOW(6)), (SELECT VARIABLE_VALUE FROM "
    "performance_schema.global_status WHERE VARIABLE_NAME = 'Uptime')";
constexpr std::size_t facts_count = 10;

/// Events are wanted as they are written. A UUID of its own: a server ends the dump of who had the
/// same one before, and that might be a replica.
constexpr std::string_view dump_setup =
    "SET @source_binlog_checksum = @@GLOBAL.binlog_checksum, "
    "@master_binlog_checksum = @@GLOBAL.binlog_checksum, @replica_uuid = UUID(), "
    "@slave_uuid = UUID()";

std::uint64_t number_in(const std::optional<std::string>& text) {
    std::uint64_t value = 0;
    if (text) (void)std::from_chars(text->data(), text->data() + text->size(), value);
    return value;
}

std::uint16_t error_in(const small_result& answer) {
    const auto message = protocol::mysql::err::decode(answer.error());
    return message ? message->code : std::uint16_t{0};
}

resolved_commit resolved(const commit_verdict& verdict) {
    switch (verdict.what) {
        case commit_verdict::kind::committed:
            return {resolved_commit::kind::committed, verdict.gtid};
        case commit_verdict::kind::not_committed: return {resolved_commit::kind::rolled_back, {}};
        case commit_verdict::kind::unknown: break;
    }
    return {};
}

}  // namespace

commit_inquiry::commit_inquiry(
    proxy_worker& worker,
    lost_connection connection,
    splitter::lost_commit lost,
    net::time_point deadline
)
    : worker_(worker), connection_(connection), lost_(std::move(lost)), deadline_(deadline) {}

awaitable<resolved_commit> commit_inquiry::run() {
    if (!co_await reach_server()) co_return resolved_commit{};
    const auto facts = co_await ask_facts();
    const bool logs_all = facts && co_await logs_everything();
    if (!logs_all || life_ == server_life::unclear) co_return resolved_commit{};
    // What a crash leaves is certain only then.
    if (life_ == server_life::restarted && !facts->is_durable) co_return resolved_commit{};
    if (life_ == server_life::same && !co_await end_lost_connection()) co_return resolved_commit{};
    auto wanted = wanted_from(*facts);
    if (!wanted) co_return resolved_commit{};
    const commit_verdict verdict = co_await read_log(std::move(*wanted));
    asks_->stream.close();
    co_return resolved(verdict);
}

void commit_inquiry::stop() {
    is_ending_ = true;
    if (asks_ != nullptr) asks_->stream.close();
}

bool commit_inquiry::is_over() const {
    return is_ending_ || std::chrono::steady_clock::now() >= deadline_;
}

/// As soon as it answers: it may be starting.
awaitable<bool> commit_inquiry::reach_server() {
    while (!is_over()) {
        asks_ = co_await connect_as_monitor(worker_, connection_.server, deadline_);
        if (asks_ != nullptr) co_return true;
        co_await pause();
    }
    co_return false;
}

awaitable<void> commit_inquiry::pause() {
    boost::asio::steady_timer timer(worker_.io(), pause_between);
    (void)co_await timer.async_wait(boost::asio::as_tuple(boost::asio::deferred));
}

/// Nothing: its log tells nothing, or it is another server.
awaitable<std::optional<commit_inquiry::server_facts>> commit_inquiry::ask_facts() {
    const auto asked_at = std::chrono::steady_clock::now();
    const auto answer = co_await ask_small(asks_, facts_query, deadline_);
    const auto answered_at = std::chrono::steady_clock::now();
    if (!answer || answer->is_empty() || answer->rows()[0].size() < facts_count)
        co_return std::nullopt;
    const auto& row = answer->rows()[0];
    const bool is_it = !lost_.server_uuid.empty() && row[0] == lost_.server_uuid;
    const bool can_tell = row[2] == "1" && row[3] == "ON" && row[4] == "NO_CHAIN" &&
                          row[5] == "ABORT_SERVER" && number_in(row[8]) != 0 && row[9];
    if (!is_it || !can_tell) co_return std::nullopt;
    server_facts facts;
    facts.server_id = static_cast<std::uint32_t>(number_in(row[1]));
    facts.is_durable = row[6] == "1" && row[7] == "1";
    const auto now = std::chrono::microseconds(number_in(row[8]));
    // It counts from the whole second in which it was started.
    const auto started =
        std::chrono::floor<std::chrono::seconds>(now) - std::chrono::seconds(number_in(row[9]));
    facts.started_at = static_cast<std::uint32_t>(started.count());
    const auto age = now - started;
    const auto started_by = answered_at - age + std::chrono::seconds(1);
    // Ids only grow while a server runs.
    const bool begins_anew = asks_->state.thread_id <= lost_.thread_id;
    if (started_by <= connection_.connecting_at) life_ = server_life::same;
    if (asked_at - age >= connection_.logged_in_at || begins_anew) life_ = server_life::restarted;
    co_return facts;
}

/// Schemas may be left out of the log.
awaitable<bool> commit_inquiry::logs_everything() {
    const bool is_new = asks_->state.version_number >= version_of_binary_log_status;
    const std::string_view query = is_new ? "SHOW BINARY LOG STATUS" : "SHOW MASTER STATUS";
    const auto answer = co_await ask_small(asks_, query, deadline_);
    if (!answer || answer->is_empty()) co_return false;
    constexpr std::size_t do_db = 2;
    constexpr std::size_t ignore_db = 3;
    const auto& row = answer->rows()[0];
    co_return row.size() > ignore_db&& row[do_db].value_or("").empty() &&
        row[ignore_db].value_or("").empty();
}

/// Until the server does not know it any more: what it was doing is over then. The account may
/// not be allowed to end it, and the server may give it up by itself.
awaitable<bool> commit_inquiry::end_lost_connection() {
    const std::string kill = "KILL " + std::to_string(lost_.thread_id);
    while (!is_over()) {
        const auto answer = co_await ask_small(asks_, kill, deadline_);
        if (!answer) co_return false;
        const std::uint16_t error = error_in(*answer);
        if (error == no_such_thread) co_return true;
        if (error != 0 && error != kill_denied) co_return false;
        co_await pause();
    }
    co_return false;
}

/// With the newest position that is surely of the connection's lifetime and before the commit. If
/// the server was started anew since, the connection must have been heard of after it: only then
/// the position is of the same start of the server.
std::optional<wanted_commit> commit_inquiry::wanted_from(const server_facts& facts) {
    wanted_commit wanted;
    wanted.server_id = facts.server_id;
    wanted.thread_id = lost_.thread_id;
    wanted.may_have_others = lost_.may_have_others;
    const auto earlier = gtid_set::parse(lost_.earlier, server_flavor::mysql);
    if (!earlier) return std::nullopt;
    wanted.earlier = *earlier;
    const bool is_same = life_ == server_life::same;
    if (!is_same) wanted.restarted_at = facts.started_at;
    const auto* const newest = worker_.positions_past().find(
        connection_.server,
        connection_.logged_in_at,
        is_same ? lost_.came : std::min(lost_.came, connection_.last_heard)
    );
    wanted.from = newest != nullptr ? *newest : lost_.executed;
    return wanted;
}

awaitable<bool> commit_inquiry::send_dump(const gtid_set& from) {
    const auto set_up = co_await ask_small(asks_, dump_setup, deadline_);
    if (!set_up || error_in(*set_up) != 0) co_return false;
    protocol::wire::send_buffer out;
    protocol::mysql::packet_writer packet(out, 0);
    auto writer = packet.begin();
    const bool has_form = protocol::mysql::binlog_dump_gtid{from}.encode(writer);
    packet.end();
    if (!has_form) co_return false;
    const error_code unsent = co_await net::write_all(asks_->stream, out.view().span(), deadline_);
    co_return !unsent;
}

awaitable<commit_verdict> commit_inquiry::read_log(wanted_commit wanted) {
    using kind = event_stream::step::kind;
    constexpr std::size_t piece = std::size_t{64} << 10U;
    if (!co_await send_dump(wanted.from)) co_return commit_verdict{};
    event_stream events;
    commit_search search(std::move(wanted));
    auto& received = asks_->received;
    while (true) {
        const auto step = events.advance(received.pending());
        if (!step) co_return commit_verdict{};
        if (step->what == kind::event && search.on_event(step->found)) co_return commit_verdict{};
        received.consume(step->consumed);
        if (step->what == kind::end) co_return search.judge();
        if (step->what == kind::refused) co_return commit_verdict{};
        if (step->what == kind::event) continue;
        const error_code waited = co_await net::wait_readable(asks_->stream, deadline_);
        if (waited) co_return commit_verdict{};
        error_code error;
        received.commit(asks_->stream.read_some(received.prepare(piece), error));
        const bool is_early =
            error == boost::asio::error::would_block || error == boost::asio::error::try_again;
        if (error && !is_early) co_return commit_verdict{};
    }
}

}  // namespace weir::proxy
