#include "src/proxy/mirrored_session.hpp"

#include "protocol/mysql/messages/query.hpp"
#include "protocol/mysql/packet_writer.hpp"
#include "splitter/relay/session_core.hpp"
#include "src/net/transfer.hpp"
#include "src/proxy/proxy_worker.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <utility>

namespace weir::proxy {

using boost::asio::awaitable;
using splitter::session_action;

namespace {

/// A server that is silent for so long is given up.
constexpr std::chrono::minutes server_patience{1};

/// Rules have had their say about the text, and it is counted once.
splitter::environment world_of(const proxy_worker& worker) {
    splitter::environment world = worker.world();
    world.rules = nullptr;
    world.rule_hits = nullptr;
    world.limits.digests = 0;
    world.routing.consistency = config::consistency::eventual;
    world.asks_positions = false;
    return world;
}

void put_query(splitter::session_core& core, const mirrored_read& read) {
    protocol::wire::send_buffer out;
    protocol::mysql::packet_writer packet(out, 0);
    auto writer = packet.begin();
    protocol::mysql::query{{}, read.text}.encode(writer, read.who.capabilities);
    packet.end();
    auto& buffer = core.client_buffer();
    const auto bytes = out.view().span();
    std::ranges::copy(bytes, buffer.prepare(bytes.size()).begin());
    buffer.commit(bytes.size());
}

/// The session's shell: one statement, one connection.
class mirrored_session {
public:
    mirrored_session(proxy_worker& worker, const mirrored_read& read, backend_connection& on)
        : worker_(worker),
          world_(world_of(worker)),
          core_(world_, worker.next_session_number()),
          on_(on) {
        (void)core_.on_start(
            {.capabilities = read.who.capabilities,
             .status = protocol::mysql::status_set{protocol::mysql::status_flag::autocommit},
             .schema = read.who.schema,
             .collation = read.who.collation}
        );
        core_.facts().state = read.state;
        put_query(core_, read);
    }

    awaitable<std::optional<std::vector<std::byte>>> run() {
        session_action action = core_.on_client_bytes(std::chrono::steady_clock::now());
        while (action.what != session_action::kind::read_client) {
            const auto next = co_await perform(action);
            if (!next) co_return std::nullopt;
            action = *next;
        }
        // What is held is in a state that others do not expect.
        if (!is_released_) co_return std::nullopt;
        co_return std::move(answer_);
    }

private:
    using next_action = std::optional<session_action>;

    awaitable<next_action> perform(session_action action) {
        using kind = session_action::kind;
        switch (action.what) {
            case kind::acquire_backend:
                is_released_ = false;
                // Its own errors are what is compared: there is no other server to ask.
                on_.state.primary = true;
                co_return core_.on_backend_leased({&on_.state, &on_.received, false});
            case kind::write_backend: co_return co_await write(action.bytes);
            case kind::read_backend: co_return co_await read();
            case kind::write_client:
                if (answer_.size() < compared_answer_max)
                    answer_.insert(answer_.end(), action.bytes.begin(), action.bytes.end());
                co_return core_.on_written();
            case kind::release_backend: is_released_ = true; co_return core_.on_released();
            case kind::read_client:
            case kind::pause:
            case kind::ask_position:
            case kind::drop_backend:
            case kind::explain_route:
            case kind::list_sessions:
            case kind::kill_session:
            case kind::resolve_commit:
            case kind::change_user:
            case kind::tunnel:
            case kind::close: break;
        }
        co_return std::nullopt;
    }

    awaitable<next_action> write(protocol::wire::bytes_view bytes) {
        const error_code failed = co_await net::write_all(on_.stream, bytes.span(), deadline());
        if (failed) co_return std::nullopt;
        co_return core_.on_written();
    }

    awaitable<next_action> read() {
        while (true) {
            const error_code silent = co_await net::wait_readable(on_.stream, deadline());
            if (silent) co_return std::nullopt;
            error_code error;
            const std::size_t count =
                on_.stream.read_some(on_.received.prepare(worker_.buffer_size()), error);
            on_.received.commit(count);
            const bool is_empty =
                error == boost::asio::error::would_block || error == boost::asio::error::try_again;
            if (error && !is_empty) co_return std::nullopt;
            if (count > 0) co_return core_.on_backend_bytes();
        }
    }

    static net::time_point deadline() { return std::chrono::steady_clock::now() + server_patience; }

    proxy_worker& worker_;
    splitter::environment world_;
    splitter::session_core core_;
    backend_connection& on_;
    std::vector<std::byte> answer_;
    bool is_released_ = true;
};

}  // namespace

awaitable<std::optional<std::vector<std::byte>>> run_mirrored(
    proxy_worker& worker, const mirrored_read& read, backend_connection& on
) {
    mirrored_session session(worker, read, on);
    auto answer = co_await session.run();
    co_return answer;
}

}  // namespace weir::proxy
