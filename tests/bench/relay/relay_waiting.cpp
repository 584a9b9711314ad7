// What does it cost a relay to learn that a socket is readable? One thread relays small questions
// and answers between socket pairs; another one plays all clients and servers. Printed: the relay
// thread's CPU time per round trip, for
//
//   epoll            edge-triggered epoll by hand, one recv and one send per message: the floor
//   stream           net::stream, as the proxy uses it
//   async_wait       Asio's public way of waiting without a buffer
//   async_read_some  Asio's reads, which need a buffer for every idle connection
//
// The variants alternate, several times, so that a noisy neighbour hits all of them. System calls
// are counted with `strace -f -c bench_relay_waiting 8 10000 stream`.
#include "protocol/wire/ensure.hpp"
#include "src/net/stream.hpp"
#include "src/runtime/handler_memory.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace weir {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using net::unique_descriptor;

constexpr std::size_t question_size = 80;
constexpr std::size_t answer_size = 300;
constexpr std::size_t buffer_size = 16'384;
using buffer = std::array<std::byte, buffer_size>;

/// The four sockets of one relayed connection.
struct route {
    unique_descriptor client;
    unique_descriptor relay_to_client;
    unique_descriptor relay_to_server;
    unique_descriptor server;
};

std::pair<unique_descriptor, unique_descriptor> make_tcp_pair() {
    const unique_descriptor listening(::socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    WEIR_ENSURE(::bind(listening.get(), generic, size) == 0 && ::listen(listening.get(), 1) == 0);
    WEIR_ENSURE(::getsockname(listening.get(), generic, &size) == 0);
    unique_descriptor near(::socket(AF_INET, SOCK_STREAM, 0));
    WEIR_ENSURE(::connect(near.get(), generic, size) == 0);
    unique_descriptor far(::accept(listening.get(), nullptr, nullptr));
    const int on = 1;
    for (const int native : {near.get(), far.get()}) {
        WEIR_ENSURE(::setsockopt(native, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0);
    }
    return {std::move(near), std::move(far)};
}

std::vector<route> make_routes(std::size_t count) {
    std::vector<route> routes;
    for (std::size_t i = 0; i < count; ++i) {
        auto [client, relay_to_client] = make_tcp_pair();
        auto [server, relay_to_server] = make_tcp_pair();
        for (const int native : {relay_to_client.get(), relay_to_server.get()}) {
            WEIR_ENSURE(::fcntl(native, F_SETFL, O_NONBLOCK) == 0);
        }
        routes.push_back(
            {std::move(client),
             std::move(relay_to_client),
             std::move(relay_to_server),
             std::move(server)}
        );
    }
    return routes;
}

void send_message(int native, std::size_t size) {
    static constexpr std::array<char, 1'024> zeros{};
    WEIR_ENSURE(::send(native, zeros.data(), size, MSG_NOSIGNAL) == static_cast<ssize_t>(size));
}

void receive_message(int native, std::size_t size) {
    std::array<char, 1'024> area{};
    WEIR_ENSURE(::recv(native, area.data(), size, MSG_WAITALL) == static_cast<ssize_t>(size));
}

/// All clients and servers; ends by closing the clients.
void drive(std::vector<route>& routes, std::size_t rounds) {
    for (std::size_t round = 0; round < rounds; ++round) {
        for (const auto& each : routes)
            send_message(each.client.get(), question_size);
        for (const auto& each : routes) {
            receive_message(each.server.get(), question_size);
            send_message(each.server.get(), answer_size);
        }
        for (const auto& each : routes)
            receive_message(each.client.get(), answer_size);
    }
    for (auto& each : routes)
        each.client.reset();
}

/// A whole message fits into any socket buffer here.
void send_all(int native, const buffer& bytes, std::size_t size) {
    WEIR_ENSURE(::send(native, bytes.data(), size, MSG_NOSIGNAL) == static_cast<ssize_t>(size));
}

void relay_by_epoll(std::vector<route>& routes) {
    const unique_descriptor watched(::epoll_create1(0));
    std::vector<int> partner(4'096 + routes.size() * 8);
    const auto watch = [&](int native, int other) {
        epoll_event event{};
        event.events = EPOLLIN | EPOLLET;
        event.data.fd = native;
        WEIR_ENSURE(::epoll_ctl(watched.get(), EPOLL_CTL_ADD, native, &event) == 0);
        partner.at(static_cast<std::size_t>(native)) = other;
    };
    for (const auto& each : routes) {
        watch(each.relay_to_client.get(), each.relay_to_server.get());
        watch(each.relay_to_server.get(), each.relay_to_client.get());
    }
    auto bytes = std::make_unique<buffer>();
    std::array<epoll_event, 128> events{};
    for (auto open = routes.size(); open > 0;) {
        const int count =
            ::epoll_wait(watched.get(), events.data(), static_cast<int>(events.size()), -1);
        for (int i = 0; i < count; ++i) {
            const int native = events[static_cast<std::size_t>(i)].data.fd;
            const auto received = ::recv(native, bytes->data(), bytes->size(), 0);
            if (received > 0) {
                send_all(
                    partner[static_cast<std::size_t>(native)],
                    *bytes,
                    static_cast<std::size_t>(received)
                );
            } else if (received == 0) {
                --open;
            }
        }
    }
}

/// One direction of one route, over net::stream.
struct stream_direction {
    stream_direction(net::stream& source, net::stream& sink, buffer& shared)
        : from(source), to(sink), bytes(shared) {}

    net::stream& from;
    net::stream& to;
    buffer& bytes;
    runtime::handler_memory memory;
    stream_direction* back = nullptr;  ///< question and answer take turns, as in MySQL's protocol

    void wait() {
        from.async_wait_readable(memory.bind([this](const error_code& error) {
            if (!error) relay();
        }));
    }

    void relay() {
        error_code error;
        const auto received = from.read_some(bytes, error);
        if (error == asio::error::eof) return close_both();
        if (received == 0) return wait();
        to.write_some(std::span(bytes).first(received), error);
        back->wait();
    }

    void close_both() {
        from.close();
        to.close();
    }
};

void relay_by_stream(std::vector<route>& routes) {
    asio::io_context context(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO);
    auto bytes = std::make_unique<buffer>();
    std::vector<std::unique_ptr<net::stream>> streams;
    std::vector<std::unique_ptr<stream_direction>> directions;
    for (auto& each : routes) {
        auto& client = *streams.emplace_back(std::make_unique<net::stream>(context));
        auto& server = *streams.emplace_back(std::make_unique<net::stream>(context));
        WEIR_ENSURE(!client.adopt(std::move(each.relay_to_client), {}));
        WEIR_ENSURE(!server.adopt(std::move(each.relay_to_server), {}));
        directions.push_back(std::make_unique<stream_direction>(client, server, *bytes));
        directions.push_back(std::make_unique<stream_direction>(server, client, *bytes));
        auto& answers = *directions.back();
        auto& questions = *directions[directions.size() - 2];
        questions.back = &answers;
        answers.back = &questions;
        questions.wait();
    }
    context.run();
}

/// One direction of one route, over Asio's own socket; `Reading` says how it waits.
template <class Reading>
struct socket_direction {
    socket_direction(tcp::socket& source, tcp::socket& sink, buffer& own)
        : from(source), to(sink), bytes(own) {}

    tcp::socket& from;
    tcp::socket& to;
    buffer& bytes;
    runtime::handler_memory memory;
    socket_direction* back = nullptr;

    void start() { Reading::start(*this); }

    void on_bytes(std::size_t received) {
        send_all(to.native_handle(), bytes, received);
        back->start();
    }

    void close_both() {
        from.close();
        to.close();
    }
};

struct wait_then_receive {
    template <class Direction>
    static void start(Direction& direction) {
        direction.from.async_wait(
            tcp::socket::wait_read, direction.memory.bind([&direction](const error_code& error) {
                if (error) return;
                auto& bytes = direction.bytes;
                const auto received =
                    ::recv(direction.from.native_handle(), bytes.data(), bytes.size(), 0);
                if (received == 0) return direction.close_both();
                if (received > 0) return direction.on_bytes(static_cast<std::size_t>(received));
                start(direction);
            })
        );
    }
};

struct read_into_buffer {
    template <class Direction>
    static void start(Direction& direction) {
        direction.from.async_read_some(
            asio::buffer(direction.bytes),
            direction.memory.bind([&direction](const error_code& error, std::size_t received) {
                if (error == asio::error::eof) return direction.close_both();
                if (!error) direction.on_bytes(received);
            })
        );
    }
};

template <class Reading>
void relay_by_socket(std::vector<route>& routes) {
    asio::io_context context(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO);
    std::vector<std::unique_ptr<tcp::socket>> sockets;
    std::vector<std::unique_ptr<buffer>> buffers;
    std::vector<std::unique_ptr<socket_direction<Reading>>> directions;
    const auto add = [&](tcp::socket& from, tcp::socket& to) {
        buffers.push_back(std::make_unique<buffer>());  // async_read_some holds it while it waits
        directions.push_back(std::make_unique<socket_direction<Reading>>(from, to, *buffers.back())
        );
    };
    for (auto& each : routes) {
        auto& client = *sockets.emplace_back(std::make_unique<tcp::socket>(context));
        auto& server = *sockets.emplace_back(std::make_unique<tcp::socket>(context));
        client.assign(tcp::v4(), each.relay_to_client.release());
        server.assign(tcp::v4(), each.relay_to_server.release());
        client.non_blocking(true);
        server.non_blocking(true);
        add(client, server);
        add(server, client);
        auto& answers = *directions.back();
        auto& questions = *directions[directions.size() - 2];
        questions.back = &answers;
        answers.back = &questions;
        questions.start();
    }
    context.run();
}

struct variant {
    std::string_view name;
    void (*relay)(std::vector<route>&);
};

constexpr std::array variants{
    variant{"epoll", &relay_by_epoll},
    variant{"stream", &relay_by_stream},
    variant{"async_wait", &relay_by_socket<wait_then_receive>},
    variant{"async_read_some", &relay_by_socket<read_into_buffer>},
};

/// Microseconds of the relay thread's CPU time per round trip.
double measure(const variant& one, std::size_t connections, std::size_t rounds) {
    auto routes = make_routes(connections);
    double seconds = 0;
    // Prepared before the driver starts, so that it takes nothing from under the relay's hands.
    std::thread relay([&] {
        one.relay(routes);
        timespec used{};
        ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
        seconds = static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
    });
    drive(routes, rounds);
    relay.join();
    return seconds * 1e6 / static_cast<double>(connections * rounds);
}

void print_table(std::size_t connections, std::size_t rounds, std::string_view only) {
    constexpr int repetitions = 7;
    std::array<std::vector<double>, variants.size()> results;
    for (int i = 0; i < repetitions; ++i) {
        for (std::size_t v = 0; v < variants.size(); ++v) {
            if (!only.empty() && only != variants[v].name) continue;
            results[v].push_back(measure(variants[v], connections, rounds));
        }
        if (!only.empty()) break;
    }
    std::printf(
        "%zu connections, %zu rounds: CPU us per round trip, median (least)\n", connections, rounds
    );
    for (std::size_t v = 0; v < variants.size(); ++v) {
        auto& values = results[v];
        if (values.empty()) continue;
        std::sort(values.begin(), values.end());
        std::printf(
            "  %-16s %6.2f (%.2f)\n",
            variants[v].name.data(),
            values[values.size() / 2],
            values.front()
        );
    }
}

}  // namespace
}  // namespace weir

int main(int count, char** arguments) {
    const std::vector<std::string> words(arguments + 1, arguments + count);
    const auto number = [&words](std::size_t index, std::size_t otherwise) {
        return index < words.size() ? static_cast<std::size_t>(std::stoul(words[index]))
                                    : otherwise;
    };
    weir::print_table(number(0, 8), number(1, 10'000), words.size() > 2 ? words[2] : "");
    return 0;
}
