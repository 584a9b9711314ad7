#include "src/net/listener.hpp"

#include "src/net/native_address.hpp"
#include "src/net/readiness.hpp"
#include "src/net/socket_options.hpp"
#include "src/runtime/log.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <string>
#include <utility>

namespace weir::net {

namespace {

using kind = config::endpoint::kind;

/// Connections taken per turn of the loop: new clients must not starve those that are being served.
constexpr int accepts_per_turn = 32;

/// How long accepting rests when the process or the system is out of descriptors or memory.
constexpr std::chrono::milliseconds exhaustion_pause{100};
constexpr std::chrono::seconds exhaustion_log_interval{10};

setup_error failed(const config::endpoint& endpoint, const char* what, const error_code& why) {
    return {"cannot listen on " + to_string(endpoint) + ": " + what + ": " + why.message()};
}

error_code last_error() noexcept {
    return {errno, boost::system::system_category()};
}

/// Where to bind. A name is resolved here and now: this runs once, at start.
setup_result<native_address> address_of(
    boost::asio::io_context& context, const config::endpoint& endpoint
) {
    const auto numeric = numeric_address(endpoint);
    if (!numeric) return failed(endpoint, "address", numeric.error());
    if (numeric->has_value()) return **numeric;

    boost::asio::ip::tcp::resolver resolver(context);
    error_code error;
    const auto flags =
        boost::asio::ip::tcp::resolver::passive | boost::asio::ip::tcp::resolver::numeric_service;
    const auto entries =
        resolver.resolve(endpoint.host, std::to_string(endpoint.port), flags, error);
    if (error) return failed(endpoint, "address", error);
    return make_native_address(entries.begin()->endpoint());
}

/// Makes room for a Unix socket: removes the file of a process that is gone. Empty on success.
std::optional<setup_error> remove_stale_file(
    const config::endpoint& endpoint, const native_address& address
) {
    struct stat file {};

    if (::lstat(endpoint.path.c_str(), &file) != 0) {
        if (errno == ENOENT) return std::nullopt;
        return failed(endpoint, "file", last_error());
    }
    if (!S_ISSOCK(file.st_mode)) {
        return setup_error{
            "cannot listen on " + to_string(endpoint) + ": the file exists and is no socket"};
    }
    const unique_descriptor probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!probe.is_open()) return failed(endpoint, "socket", last_error());
    // Only a refusal says that nobody listens: EAGAIN, for one, comes from a full queue.
    if (::connect(probe.get(), address.get(), address.size) == 0 || errno != ECONNREFUSED) {
        return setup_error{
            "cannot listen on " + to_string(endpoint) + ": another process listens there"};
    }
    if (::unlink(endpoint.path.c_str()) != 0) return failed(endpoint, "stale file", last_error());
    return std::nullopt;
}

setup_result<unique_descriptor> open_socket(
    const config::endpoint& endpoint,
    const native_address& address,
    const config::socket_settings& settings
) {
    const int family = address.get()->sa_family;
    unique_descriptor native(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!native.is_open()) return failed(endpoint, "socket", last_error());
    if (const auto error = apply_listener_options(native.get(), endpoint.what, settings)) {
        return failed(endpoint, "socket options", error);
    }
    if (::bind(native.get(), address.get(), address.size) != 0)
        return failed(endpoint, "bind", last_error());
    // Any local user may connect, as with a server's own socket: who may log in is decided by
    // accounts.
    if (endpoint.what == kind::unix_socket && ::chmod(endpoint.path.c_str(), 0777) != 0) {
        return failed(endpoint, "permissions", last_error());
    }
    if (::listen(native.get(), static_cast<int>(settings.backlog)) != 0) {
        return failed(endpoint, "listen", last_error());
    }
    return native;
}

/// The port that the kernel chose.
std::uint16_t bound_port(int native) noexcept {
    sockaddr_storage bytes{};
    socklen_t size = sizeof bytes;
    auto* const address =
        reinterpret_cast<sockaddr*>(&bytes);  // the socket interface's own convention
    if (::getsockname(native, address, &size) != 0) return 0;
    return make_peer_address(*address).port;
}

/// Errors of accept4() that concern one connection, or an earlier state of the network: the next
/// call may succeed.
bool is_passing(int number) noexcept {
    switch (number) {
        case EINTR:
        case ECONNABORTED:
        case EPROTO:
        case ENETDOWN:
        case ENOPROTOOPT:
        case EHOSTDOWN:
        case ENONET:
        case EHOSTUNREACH:
        case EOPNOTSUPP:
        case ENETUNREACH: return true;
        default: return false;  // errno is no enum
    }
}

/// Which file a Unix socket's path named when it was bound.
struct file_identity {
    dev_t device = 0;
    ino_t inode = 0;
    friend bool operator==(const file_identity&, const file_identity&) = default;
};

std::optional<file_identity> identify(const std::string& path) noexcept {
    struct stat file {};

    if (::lstat(path.c_str(), &file) != 0) return std::nullopt;
    return file_identity{file.st_dev, file.st_ino};
}

}  // namespace

class listener::acceptor : public std::enable_shared_from_this<acceptor> {
public:
    acceptor(boost::asio::io_context& context, runtime::logger& log)
        : log_(log), readiness_(context), pause_(context) {}

    error_code start(
        unique_descriptor native,
        config::endpoint local,
        const config::socket_settings& settings,
        accept_handler on_accept
    ) {
        if (const auto error = readiness_.attach(native.get())) return error;
        native_ = std::move(native);
        local_ = std::move(local);
        settings_ = settings;
        on_accept_ = std::move(on_accept);
        if (local_.what == kind::unix_socket) file_ = identify(local_.path);
        wait();
        return {};
    }

    void stop() noexcept {
        if (!native_.is_open()) return;
        readiness_.detach();
        native_.reset();
        pause_.cancel();
        // Another process may have put its own file there by now.
        if (file_ && identify(local_.path) == file_) ::unlink(local_.path.c_str());
    }

private:
    void wait() {
        // `nothing`: connections may be left over from a turn that was cut short. One epoll_ctl per
        // turn is no matter here.
        readiness_.async_wait(
            wait_direction::read,
            wait_knowledge::nothing,
            [self = shared_from_this()](const error_code& error) {
                if (!error) self->accept_some();
            }
        );
    }

    void accept_some() {
        for (int i = 0; i < accepts_per_turn && native_.is_open(); ++i) {
            sockaddr_storage bytes{};
            socklen_t size = sizeof bytes;
            auto* const address =
                reinterpret_cast<sockaddr*>(&bytes);  // the socket interface's own convention
            unique_descriptor accepted(
                ::accept4(native_.get(), address, &size, SOCK_NONBLOCK | SOCK_CLOEXEC)
            );
            if (accepted.is_open()) {
                hand_over(std::move(accepted), *address);
                continue;
            }
            if (errno == EAGAIN || errno == EWOULDBLOCK) break;
            if (is_passing(errno)) continue;
            rest(last_error());
            return;
        }
        if (native_.is_open()) wait();
    }

    void hand_over(unique_descriptor accepted, const sockaddr& address) {
        auto peer = local_.what == kind::tcp ? make_peer_address(address)
                                             : peer_address{kind::unix_socket, {}, 0};
        // A socket that refuses an option (its peer is gone) still goes to its session, which
        // learns it by reading.
        const auto error = apply_socket_options(accepted.get(), local_.what, settings_);
        if (error)
            log_.debug(
                "socket option refused", {{"peer", to_string(peer)}, {"reason", error.message()}}
            );
        on_accept_({std::move(accepted), std::move(peer)});
    }

    /// Out of descriptors or memory: connections stay in the kernel's queue, and trying at once
    /// would only spin.
    void rest(const error_code& why) {
        const auto now = std::chrono::steady_clock::now();
        if (const auto held_back = exhausted_.admit(now)) {
            log_.error(
                "cannot accept connections; trying again shortly",
                {{"endpoint", to_string(local_)},
                 {"reason", why.message()},
                 {"repeated", *held_back}}
            );
        }
        pause_.expires_after(exhaustion_pause);
        pause_.async_wait([self = shared_from_this()](const error_code& error) {
            if (!error && self->native_.is_open()) self->accept_some();
        });
    }

    runtime::logger& log_;
    unique_descriptor native_;
    readiness readiness_;
    boost::asio::steady_timer pause_;
    runtime::repeated_log exhausted_{exhaustion_log_interval};
    config::endpoint local_;
    config::socket_settings settings_;
    accept_handler on_accept_;
    std::optional<file_identity> file_;
};

listener::listener(boost::asio::io_context& context, runtime::logger& log)
    : context_(context), log_(log) {}

listener::~listener() {
    stop();
}

std::optional<setup_error> listener::start(
    const config::endpoint& endpoint,
    const config::socket_settings& settings,
    accept_handler on_accept
) {
    const auto address = address_of(context_, endpoint);
    if (!address) return address.error();
    if (endpoint.what == kind::unix_socket) {
        if (auto error = remove_stale_file(endpoint, *address)) return error;
    }
    auto native = open_socket(endpoint, *address, settings);
    if (!native) return native.error();

    stop();
    local_ = endpoint;
    if (endpoint.what == kind::tcp) local_.port = bound_port(native->get());
    acceptor_ = std::make_shared<acceptor>(context_, log_);
    if (const auto error =
            acceptor_->start(std::move(*native), local_, settings, std::move(on_accept))) {
        return failed(endpoint, "epoll", error);
    }
    return std::nullopt;
}

const config::endpoint& listener::local() const noexcept {
    return local_;
}

void listener::stop() noexcept {
    if (acceptor_) acceptor_->stop();
    acceptor_.reset();
}

}  // namespace weir::net
