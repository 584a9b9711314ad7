// The floor under every proxy: a relay that only moves bytes, with one thread, one epoll, one
// receive and one send a message. It reads nothing, logs nothing, and keeps its sockets blocking: a
// peer that does not read stops all others.
//
//   bench_floor_relay LISTENING_PORT SERVER_PORT
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <utility>
#include <vector>

struct side {
    int socket;
    side* other;
};

static sockaddr_in loopback(const char* port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::atoi(port)));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static side* watch(int epoll, int socket) {
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    auto* const watched = new side{socket, nullptr};
    epoll_event interest{.events = EPOLLIN, .data = {.ptr = watched}};
    ::epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &interest);
    return watched;
}

/// Moves what one side sent to the other; false once either is gone.
static bool move_bytes(const side& from) {
    static std::array<char, 65'536> buffer;
    const ssize_t count = ::recv(from.socket, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count < 0) return errno == EAGAIN;
    for (ssize_t sent = 0, more = 0; sent < count; sent += more) {
        more = ::send(
            from.other->socket,
            buffer.data() + sent,
            static_cast<std::size_t>(count - sent),
            MSG_NOSIGNAL
        );
        if (more < 0) return false;
    }
    return count > 0;
}

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    const sockaddr_in own = loopback(argv[1]), server = loopback(argv[2]);
    const int listener = ::socket(AF_INET, SOCK_STREAM, 0), epoll = ::epoll_create1(0), on = 1;
    ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (::bind(listener, reinterpret_cast<const sockaddr*>(&own), sizeof own) ||
        ::listen(listener, 4096))
        return 1;
    const side* const entrance = watch(epoll, listener);
    std::array<epoll_event, 64> events;
    while (true) {
        std::vector<side*>
            gone;  // freed after the batch: it may hold events of both sides of a pair
        for (int at = 0, count = ::epoll_wait(epoll, events.data(), events.size(), -1); at < count;
             ++at) {
            auto* const ready = static_cast<side*>(events[static_cast<std::size_t>(at)].data.ptr);
            if (ready == entrance) {
                side* const client = watch(epoll, ::accept(listener, nullptr, nullptr));
                const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
                if (::connect(socket, reinterpret_cast<const sockaddr*>(&server), sizeof server))
                    return 1;
                client->other = watch(epoll, socket);
                client->other->other = client;
            } else if (ready->socket >= 0 && !move_bytes(*ready)) {
                for (side* const each : {ready, ready->other}) {
                    ::close(std::exchange(each->socket, -1));
                    gone.push_back(each);
                }
            }
        }
        for (const side* const each : gone)
            delete each;
    }
}
