// Megabytes in both directions at once through small socket buffers: every read and write blocks
// many times, in every combination, and not a byte may be lost, doubled or reordered.
#include "src/net/stream.hpp"
#include "src/net/transfer.hpp"

#include "tests/component/net/loopback.hpp"
#include "tests/component/net/test_certificates.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

// GCC 12 inlines one half of a coroutine frame's allocation under -O1 and then takes the other half
// for a mismatch; Asio pairs them.
#pragma GCC diagnostic ignored "-Wpragmas"
#pragma GCC diagnostic ignored "-Wunknown-warning-option"
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

namespace weir::net {
namespace {

namespace asio = boost::asio;
using kind = config::endpoint::kind;

struct bulk_row {
    const char* name;
    kind socket;
    int tls;  ///< 0: plain; else the only TLS version spoken
};

constexpr std::size_t bulk_size = 3'000'000;

/// Bytes that differ between neighbours and between directions.
std::vector<std::byte> make_bytes(std::uint32_t seed) {
    std::vector<std::byte> bytes(bulk_size);
    for (auto& each : bytes) {
        seed = seed * 1'664'525U + 1'013'904'223U;
        each = static_cast<std::byte>(seed >> 24);
    }
    return bytes;
}

asio::awaitable<void> send(stream& to, const std::vector<std::byte>& bytes, int& running) {
    const auto error = co_await write_all(to, bytes, test::soon());
    EXPECT_FALSE(error) << error.message();
    --running;
}

asio::awaitable<void> receive(stream& from, std::vector<std::byte>& into, int& running) {
    std::array<std::byte, 5'000> area{};
    while (into.size() < bulk_size) {
        error_code error;
        const auto received = from.read_some(area, error);
        into.insert(into.end(), area.begin(), area.begin() + static_cast<std::ptrdiff_t>(received));
        if (!error) continue;
        EXPECT_EQ(error, asio::error::would_block);
        if (error != asio::error::would_block) break;
        const auto waited = co_await wait_readable(from, test::soon());
        EXPECT_FALSE(waited) << waited.message();
        if (waited) break;
    }
    --running;
}

class stream_bulk : public testing::TestWithParam<bulk_row> {
protected:
    void SetUp() override {
        config::socket_settings small;
        // Smaller than a record and than a write, but not so small that TCP's own timers (it avoids
        // silly windows, RFC 9293 s.3.8.6.2) take over.
        small.receive_buffer = 65'536;
        small.send_buffer = 8'192;
        test::connect_pair(near_, far_, GetParam().socket, small);
        if (GetParam().tls != 0) start_tls();
    }

    void start_tls() {
        const test::test_authority authority("bulk_ca");
        const auto files = authority.issue("bulk_server", "DNS:localhost");
        config::client_tls_settings server;
        server.mode = config::client_tls_mode::require;
        server.cert = files.cert;
        server.key = files.key;
        const auto server_side = tls_context::for_clients(server).value();
        const auto client_side = tls_context::for_servers({}).value();
        SSL_CTX_set_max_proto_version(server_side->native(), GetParam().tls);
        int running = 2;
        asio::co_spawn(
            context_,
            shake_hands(near_.start_tls_client(client_side, "localhost", test::soon()), running),
            asio::detached
        );
        asio::co_spawn(
            context_,
            shake_hands(far_.start_tls_server(server_side, test::soon()), running),
            asio::detached
        );
        test::run_until(context_, [&running] { return running == 0; });
    }

    static asio::awaitable<void> shake_hands(asio::awaitable<error_code> handshake, int& running) {
        const auto error = co_await std::move(handshake);
        EXPECT_FALSE(error) << error.message();
        --running;
    }

    asio::io_context context_;
    stream near_{context_};
    stream far_{context_};
};

INSTANTIATE_TEST_SUITE_P(
    transports,
    stream_bulk,
    testing::Values(
        bulk_row{"tcp", kind::tcp, 0},
        bulk_row{"unix", kind::unix_socket, 0},
        bulk_row{"tcp_with_tls_1_2", kind::tcp, TLS1_2_VERSION},
        bulk_row{"tcp_with_tls_1_3", kind::tcp, TLS1_3_VERSION},
        bulk_row{"unix_with_tls_1_3", kind::unix_socket, TLS1_3_VERSION}
    ),
    [](const auto& row) { return row.param.name; }
);

TEST_P(stream_bulk, arrives_whole_in_both_directions_at_once) {
    const auto there = make_bytes(1);
    const auto back = make_bytes(2);
    std::vector<std::byte> arrived_there;
    std::vector<std::byte> arrived_back;
    int running = 4;
    asio::co_spawn(context_, send(near_, there, running), asio::detached);
    asio::co_spawn(context_, send(far_, back, running), asio::detached);
    asio::co_spawn(context_, receive(far_, arrived_there, running), asio::detached);
    asio::co_spawn(context_, receive(near_, arrived_back, running), asio::detached);
    test::run_until(context_, [&running] { return running == 0; });
    EXPECT_TRUE(arrived_there == there);
    EXPECT_TRUE(arrived_back == back);
}

}  // namespace
}  // namespace weir::net
