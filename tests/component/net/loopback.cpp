#include "tests/component/net/loopback.hpp"

#include "src/net/socket_options.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <vector>

namespace weir::net::test {

namespace {

void check_errno(bool worked, const char* what) {
    if (!worked) throw std::system_error(errno, std::generic_category(), what);
}

void make_non_blocking(int native) {
    check_errno(::fcntl(native, F_SETFL, O_NONBLOCK) == 0, "fcntl");
}

socket_pair make_tcp_pair() {
    const unique_descriptor listening(::socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    check_errno(::bind(listening.get(), generic, size) == 0, "bind");
    check_errno(::listen(listening.get(), 1) == 0, "listen");
    check_errno(::getsockname(listening.get(), generic, &size) == 0, "getsockname");
    socket_pair pair;
    pair.near = unique_descriptor(::socket(AF_INET, SOCK_STREAM, 0));
    check_errno(::connect(pair.near.get(), generic, size) == 0, "connect");
    pair.far = unique_descriptor(::accept(listening.get(), nullptr, nullptr));
    check_errno(pair.far.is_open(), "accept");
    return pair;
}

socket_pair make_unix_pair() {
    std::array<int, 2> ends{};
    check_errno(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0, "socketpair");
    return {unique_descriptor(ends[0]), unique_descriptor(ends[1])};
}

}  // namespace

socket_pair make_socket_pair(config::endpoint::kind kind) {
    auto pair = kind == config::endpoint::kind::tcp ? make_tcp_pair() : make_unix_pair();
    make_non_blocking(pair.near.get());
    make_non_blocking(pair.far.get());
    return pair;
}

void connect_pair(
    stream& near, stream& far, config::endpoint::kind kind, const config::socket_settings& settings
) {
    auto pair = make_socket_pair(kind);
    for (const int native : {pair.near.get(), pair.far.get()}) {
        if (const auto error = apply_socket_options(native, kind, settings))
            throw boost::system::system_error(error);
    }
    peer_address peer;
    peer.kind = kind;
    if (const auto error = near.adopt(std::move(pair.near), peer))
        throw boost::system::system_error(error);
    if (const auto error = far.adopt(std::move(pair.far), peer))
        throw boost::system::system_error(error);
}

std::string fresh_path(std::string_view name) {
    auto path = testing::TempDir() + "weir_" + std::to_string(::getpid()) + "_" + std::string(name);
    ::unlink(path.c_str());
    return path;
}

read_outcome read_available(stream& from, std::size_t piece) {
    read_outcome outcome;
    std::vector<char> area(piece);
    for (;;) {
        const auto received =
            from.read_some(std::as_writable_bytes(std::span(area)), outcome.error);
        outcome.text.append(area.data(), received);
        if (outcome.error) return outcome;
    }
}

read_outcome read_waiting(stream& from, std::size_t size) {
    read_outcome outcome;
    std::array<char, 4'096> area{};
    while (outcome.text.size() < size) {
        bool woken = false;
        from.async_wait_readable([&](const error_code& error) {
            outcome.error = error;
            woken = true;
        });
        run_until(from.context(), [&woken] { return woken; });
        if (outcome.error) return outcome;
        const auto received =
            from.read_some(std::as_writable_bytes(std::span(area)), outcome.error);
        outcome.text.append(area.data(), received);
        if (outcome.error == boost::asio::error::would_block) continue;
        if (outcome.error) return outcome;
    }
    return outcome;
}

void write_now(stream& to, std::string_view text) {
    error_code error;
    if (to.write_some(bytes_of(text), error) != text.size())
        throw boost::system::system_error(error, "write_now");
}

}  // namespace weir::net::test
