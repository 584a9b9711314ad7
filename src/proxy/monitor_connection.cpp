#include "src/proxy/monitor_connection.hpp"

#include "protocol/mysql/messages/query.hpp"
#include "protocol/mysql/packet_writer.hpp"
#include "splitter/relay/credential.hpp"
#include "splitter/relay/login_request.hpp"
#include "src/net/transfer.hpp"
#include "src/proxy/proxy_worker.hpp"

#include <boost/asio/error.hpp>

namespace weir::proxy {

using boost::asio::awaitable;
using protocol::mysql::capability;
using replication_monitor::server_id;

namespace {

constexpr protocol::mysql::capability_set our_capabilities{
    capability::long_password,
    capability::protocol_41,
    capability::transactions,
    capability::secure_connection,
    capability::plugin_auth,
    capability::plugin_auth_lenenc_data,
    capability::ssl};

constexpr std::uint16_t utf8mb4 = 45;
constexpr std::uint32_t packet_max = 1U << 24U;

}  // namespace

awaitable<backend_connection_pointer> connect_as_monitor(
    proxy_worker& worker, server_id server, net::time_point deadline
) {
    const auto settings = worker.hold_settings();
    splitter::login_request who;
    who.capabilities = our_capabilities;
    who.collation = utf8mb4;
    who.max_packet = packet_max;
    who.user = settings->monitor.user;
    splitter::credential proof;
    const std::string_view password = settings->monitor.password.text();
    proof.what =
        password.empty() ? splitter::credential::kind::empty : splitter::credential::kind::password;
    proof.value = protocol::mysql::auth::secret(password);
    const backend_connection_pointer made = worker.make_connection(server, {});
    backend_login_request request = worker.login_request_for(server, who, proof);
    const net::deadline_guard guard(worker.io(), deadline, [&made] { made->stream.close(); });
    const backend_login_outcome outcome = co_await proxy::log_in(*made, request);
    if (outcome.error || guard.expired()) co_return nullptr;
    co_return made;
}

awaitable<std::optional<splitter::small_result>> ask_small(
    backend_connection_pointer with, std::string_view text, net::time_point deadline
) {
    constexpr std::size_t small = 4'096;
    protocol::wire::send_buffer out;
    protocol::mysql::packet_writer packet(out, 0);
    auto writer = packet.begin();
    protocol::mysql::query{{}, text}.encode(writer, with->state.capabilities);
    packet.end();
    const error_code unsent = co_await net::write_all(with->stream, out.view().span(), deadline);
    if (unsent) co_return std::nullopt;
    std::optional<splitter::small_result> answer;
    answer.emplace();
    answer->start(with->state.capabilities);
    while (true) {
        const error_code waited = co_await net::wait_readable(with->stream, deadline);
        if (waited) co_return std::nullopt;
        error_code error;
        with->received.commit(with->stream.read_some(with->received.prepare(small), error));
        const bool is_early =
            error == boost::asio::error::would_block || error == boost::asio::error::try_again;
        if (error && !is_early) co_return std::nullopt;
        const auto progress = answer->on_bytes(with->received.pending());
        if (!progress) co_return std::nullopt;
        with->received.consume(progress->consumed);
        if (progress->complete) co_return answer;
    }
}

}  // namespace weir::proxy
