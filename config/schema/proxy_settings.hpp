#pragma once

#include "config/schema/consistency.hpp"
#include "config/schema/log_settings.hpp"
#include "config/schema/monitor_settings.hpp"
#include "config/schema/rule_settings.hpp"
#include "config/schema/secret_text.hpp"
#include "config/schema/tls_settings.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace weir::config {

/// Where to listen or connect: a TCP host and port, or a Unix socket's path.
struct endpoint {
    enum class kind : std::uint8_t { tcp, unix_socket };
    kind what = kind::tcp;
    std::string host;  ///< name or address without brackets; empty for unix_socket
    std::uint16_t port = 0;
    std::string path;  ///< unix_socket only
    friend bool operator==(const endpoint&, const endpoint&) = default;
};

struct server_settings {
    std::string name;          ///< required, unique
    endpoint address;          ///< required
    std::uint32_t weight = 1;  ///< 0..1000; 0: takes no reads
    bool send_proxy_protocol =
        false;  ///< start each connection with a PROXY v2 header naming the client
    friend bool operator==(const server_settings&, const server_settings&) = default;
};

/// May the primary answer reads that a replica could answer?
enum class primary_reads : std::uint8_t {
    never,            ///< reads wait for a replica up to timeouts.connect, then fail
    when_no_replica,  ///< only while no replica is eligible
    always,           ///< it shares reads with the replicas, by weight
};

struct routing_settings {
    std::chrono::milliseconds max_lag{10'000};  ///< a replica behind by more gets no reads
    config::primary_reads primary_reads = config::primary_reads::when_no_replica;
    config::consistency consistency = config::consistency::session;  ///< what a read must see
    std::chrono::milliseconds causal_wait{
        50};  ///< a read waits so long for a replica to have what it must see; 0: not at all
    bool hints = true;                             ///< obey hints in comments and query attributes
    bool multiplexing = true;                      ///< sessions share connections to servers
    bool transaction_replay = false;               ///< of transactions that have written, too
    std::uint32_t replay_statements = 1'000;       ///< a transaction of more is not replayed
    std::uint64_t replay_size = 1ULL << 20;        ///< of its statements, bytes, 1 KiB..64 MiB
    std::chrono::milliseconds replay_age{30'000};  ///< one that began earlier is not replayed
    friend bool operator==(const routing_settings&, const routing_settings&) = default;
};

struct timeout_settings {
    std::chrono::milliseconds connect{3'000};  ///< TCP connect to a server
    std::chrono::milliseconds login{
        10'000};  ///< a client's login from accept to OK; a server's likewise
    std::chrono::milliseconds idle_client{28'800'000};  ///< no command from a client; 0: never
    std::chrono::milliseconds idle_backend{
        300'000};  ///< a server connection that nobody uses is closed
    std::chrono::milliseconds unclaimed_backend{
        5'000};  ///< one whose last session has ended, and that nobody took, is closed
    std::chrono::milliseconds backend_wait{
        10'000};  ///< a statement waits so long for a connection at the limit of connections
    std::chrono::milliseconds commit_outcome{
        5'000};  ///< what became of a commit whose answer is lost is looked for so long; 0: never
    std::chrono::milliseconds drain{30'000};  ///< after SIGTERM, then sessions are closed
    friend bool operator==(const timeout_settings&, const timeout_settings&) = default;
};

struct limit_settings {
    std::uint32_t clients = 10'000;              ///< sessions of the process
    std::uint32_t clients_per_user = 0;          ///< 0: no limit of ours
    std::uint64_t packet_size = 64ULL << 20;     ///< one command of a client, bytes, 1 KiB..1 GiB
    std::uint32_t backends_per_server = 0;       ///< connections to one server; 0: no limit of ours
    std::uint32_t prepared_statements = 16'384;  ///< per session
    std::uint32_t backend_statements = 256;      ///< prepared on one connection to a server
    std::uint32_t statement_forms = 4'096;       ///< whose reading a worker remembers; restart
    std::uint64_t long_data = 64ULL << 20;       ///< sent ahead for parameters, per session, bytes
    std::uint64_t buffer_size = 16ULL << 10;     ///< one read from a socket, bytes, 4 KiB..1 MiB
    std::uint32_t digests = 5'000;  ///< statistics by statement, of each worker; 0: none; restart
    std::uint64_t digest_text = 2ULL << 10;  ///< of each of them, bytes, 64 B..64 KiB; restart
    friend bool operator==(const limit_settings&, const limit_settings&) = default;
};

/// Optional static list; empty: the servers' own accounts count.
struct user_settings {
    std::string name;
    secret_text password;
    friend bool operator==(const user_settings&, const user_settings&) = default;
};

struct proxy_protocol_settings {
    std::vector<std::string>
        accept_from;  ///< networks in CIDR form whose PROXY v1/v2 headers are believed
    friend bool operator==(const proxy_protocol_settings&, const proxy_protocol_settings&) =
        default;
};

struct socket_settings {
    bool no_delay = true;
    bool keep_alive = true;
    std::chrono::seconds keep_alive_idle{60};
    std::chrono::seconds keep_alive_interval{10};
    std::uint32_t keep_alive_count = 3;
    std::uint32_t backlog = 1024;      ///< of the listeners, 1..65535
    std::uint64_t receive_buffer = 0;  ///< SO_RCVBUF in bytes; 0: the kernel decides
    std::uint64_t send_buffer = 0;     ///< SO_SNDBUF in bytes; 0: the kernel decides
    friend bool operator==(const socket_settings&, const socket_settings&) = default;
};

struct metrics_settings {
    bool enabled = false;
    endpoint listen;
    friend bool operator==(const metrics_settings&, const metrics_settings&) = default;
};

/// Everything weir-proxy is told. A plain value: loaded, checked, then published as an immutable
/// snapshot.
struct proxy_settings {
    std::vector<endpoint> listen;          ///< at least one; restart
    std::uint32_t workers = 0;             ///< 0: one per core; 1..255; restart
    bool pin_workers = false;              ///< bind each worker to a core; restart
    std::string server_version;            ///< greeting's version; empty: the primary's
    std::vector<server_settings> servers;  ///< at least one
    monitor_settings monitor;
    routing_settings routing;
    std::vector<rule_settings> rules;
    client_tls_settings client_tls;
    server_tls_settings server_tls;
    timeout_settings timeouts;
    limit_settings limits;
    std::vector<user_settings> users;
    proxy_protocol_settings proxy_protocol;
    socket_settings sockets;
    log_settings log;
    metrics_settings metrics;  ///< listen: restart
    bool compression = true;   ///< offer zlib and zstd to clients
    friend bool operator==(const proxy_settings&, const proxy_settings&) = default;
};

}  // namespace weir::config
