// Clients that are logged in and send a statement now and then, and a storm of others that log in
// and go. One thread; one line of JSON per second: what was answered, and how long that took.

#include "protocol/mysql/auth/caching_sha2_password.hpp"
#include "protocol/mysql/auth/native_password.hpp"
#include "protocol/mysql/messages/auth_switch_request.hpp"
#include "protocol/mysql/messages/greeting.hpp"
#include "protocol/mysql/messages/handshake_response.hpp"
#include "protocol/mysql/packet_header.hpp"
#include "protocol/mysql/packet_writer.hpp"
#include "protocol/wire/codec.hpp"
#include "protocol/wire/send_buffer.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace asio = boost::asio;
namespace native = weir::protocol::mysql::auth::native_password;
namespace sha2 = weir::protocol::mysql::auth::caching_sha2_password;
using asio::awaitable;
using std::chrono::steady_clock;
using weir::protocol::mysql::capability;
using weir::protocol::wire::bytes_view;
using weir::protocol::wire::send_buffer;

constexpr std::string_view account = "bench_client";
constexpr std::string_view password = "word";
constexpr auto completion = asio::as_tuple(asio::deferred);

/// How long things took in the present second.
struct tally {
    std::vector<double> milliseconds;

    void add(steady_clock::time_point begun) {
        milliseconds.push_back(
            std::chrono::duration<double, std::milli>(steady_clock::now() - begun).count()
        );
    }

    /// "count p50 p99 max" as members of a JSON object; starts over.
    std::string take(const char* name) {
        std::ranges::sort(milliseconds);
        const auto at = [&](double share) {
            if (milliseconds.empty()) return 0.0;
            const auto last = static_cast<double>(milliseconds.size() - 1);
            return milliseconds[static_cast<std::size_t>(share * last)];
        };
        std::array<char, 200> text{};
        std::snprintf(
            text.data(),
            text.size(),
            R"("%s": %zu, "%s_p50": %.3f, "%s_p99": %.3f, "%s_max": %.3f)",
            name,
            milliseconds.size(),
            name,
            at(0.5),
            name,
            at(0.99),
            name,
            at(1)
        );
        milliseconds.clear();
        return text.data();
    }
};

struct load {
    asio::io_context io{1};
    asio::ip::tcp::endpoint proxy;
    std::size_t clients = 0;
    std::chrono::milliseconds period{};  ///< mean, between two statements of one client
    std::chrono::seconds time{};
    std::size_t storm_per_second = 0;
    std::chrono::seconds storm_begins{};
    std::chrono::seconds storm_lasts{};

    tally statements;
    tally logins;
    std::size_t failures = 0;
    std::size_t logged_in = 0;  ///< clients that stay
    std::size_t storming = 0;   ///< logins under way
    std::mt19937 random{4711};
    std::string last_error;
};

/// One connection. Ends by itself when it goes.
class client {
public:
    explicit client(load& of) : load_(of), socket_(of.io) {}

    [[nodiscard]] awaitable<bool> log_in() {
        const auto [failed] = co_await socket_.async_connect(load_.proxy, completion);
        if (failed) co_return fail(failed.message());
        socket_.set_option(asio::ip::tcp::no_delay(true));
        if (!co_await read_packet()) co_return false;
        if (is(0xFF)) co_return fail(text_of_error());
        const auto greeting = weir::protocol::mysql::greeting::decode(packet_view());
        if (!greeting) co_return fail("bad greeting");
        std::string method(greeting->auth_plugin);
        std::vector<std::byte> scramble(greeting->scramble.begin(), greeting->scramble.end());
        weir::protocol::mysql::handshake_response login;
        login.capabilities = weir::protocol::mysql::capability_set{
            capability::long_password,
            capability::protocol_41,
            capability::secure_connection,
            capability::plugin_auth,
            capability::transactions,
            capability::connect_with_db};
        login.max_packet = 1U << 24U;
        login.collation = 45;
        login.user = account;
        login.schema = "test";
        login.auth_plugin = method;
        const auto answer = answer_by(method, scramble);
        login.auth_response = bytes_view(std::span<const std::byte>(answer));
        send_buffer out;
        weir::protocol::mysql::packet_writer packet(out, 1);
        auto writer = packet.begin();
        login.encode(writer);
        packet.end();
        if (!co_await send(out.view())) co_return false;
        co_return co_await be_let_in();
    }

    /// One statement and its whole answer.
    [[nodiscard]] awaitable<bool> ask(std::string_view statement) {
        std::string command(1, '\3');
        command += statement;
        send_buffer out;
        std::uint8_t sequence = 0;
        weir::protocol::mysql::append_packet(
            out, sequence, weir::protocol::wire::bytes_of(command)
        );
        if (!co_await send(out.view()) || !co_await read_packet()) co_return false;
        if (is(0xFF)) co_return fail(text_of_error());
        if (is(0x00)) co_return true;
        for (int ends = 0; ends < 2;) {
            if (!co_await read_packet()) co_return false;
            if (is(0xFF)) co_return fail(text_of_error());
            constexpr std::size_t end_max = 9;
            if (is(0xFE) && size_ < end_max) ++ends;
        }
        co_return true;
    }

    [[nodiscard]] awaitable<void> quit() {
        static constexpr std::array command{
            std::byte{1}, std::byte{0}, std::byte{0}, std::byte{0}, std::byte{1}};
        (void)co_await asio::async_write(socket_, asio::buffer(command), completion);
        // Its end is the proxy's: so many ports would be missed otherwise.
        std::array<std::byte, 1> rest{};
        (void)co_await socket_.async_read_some(asio::buffer(rest), completion);
    }

private:
    static std::vector<std::byte> answer_by(
        std::string_view method, const std::vector<std::byte>& scramble
    ) {
        const bytes_view of{std::span<const std::byte>(scramble)};
        const auto copied = [](const auto& digest) {
            return digest ? std::vector<std::byte>(digest->begin(), digest->end())
                          : std::vector<std::byte>();
        };
        if (method == native::plugin_name)
            return copied(native::respond(native::key_from_password(password), of));
        return copied(sha2::respond(sha2::key_from_password(password), of));
    }

    [[nodiscard]] awaitable<bool> be_let_in() {
        while (true) {
            if (!co_await read_packet()) co_return false;
            if (is(0x00)) co_return true;
            if (is(0xFF)) co_return fail(text_of_error());
            if (is(0x01)) {
                const bool is_fast = size_ == 2 && packet_[1] == sha2::fast_authentication_ok;
                if (!is_fast) co_return fail("the proxy does not know the password yet");
                continue;
            }
            const auto asked =
                weir::protocol::wire::decode<weir::protocol::mysql::auth_switch_request>(
                    packet_view()
                );
            if (!asked) co_return fail("bad switch");
            const auto data = asked->plugin_data.first(20);
            const auto answer =
                answer_by(asked->plugin_name, std::vector<std::byte>(data.begin(), data.end()));
            send_buffer out;
            std::uint8_t sequence = static_cast<std::uint8_t>(sequence_ + 1);
            weir::protocol::mysql::append_packet(
                out, sequence, bytes_view(std::span<const std::byte>(answer))
            );
            if (!co_await send(out.view())) co_return false;
        }
    }

    [[nodiscard]] awaitable<bool> send(bytes_view bytes) {
        const auto [failed, count] = co_await asio::async_write(
            socket_, asio::buffer(bytes.data(), bytes.size()), completion
        );
        co_return failed ? fail(failed.message()) : true;
    }

    [[nodiscard]] awaitable<bool> read_packet() {
        constexpr std::size_t header = 4;
        read_from_ += header + size_;
        size_ = 0;
        if (read_from_ > received_) read_from_ = received_;
        if (!co_await have(header)) co_return false;
        const auto at = [&](std::size_t i) {
            return std::to_integer<std::size_t>(buffer_[read_from_ + i]);
        };
        const std::size_t size = at(0) | at(1) << 8U | at(2) << 16U;
        sequence_ = static_cast<std::uint8_t>(at(3));
        if (!co_await have(header + size)) co_return false;
        size_ = size;
        packet_ = &buffer_[read_from_ + header];
        co_return true;
    }

    /// So many bytes of the next packet are there.
    [[nodiscard]] awaitable<bool> have(std::size_t wanted) {
        while (received_ - read_from_ < wanted) {
            std::copy(
                buffer_.begin() + static_cast<std::ptrdiff_t>(read_from_),
                buffer_.begin() + static_cast<std::ptrdiff_t>(received_),
                buffer_.begin()
            );
            received_ -= read_from_;
            read_from_ = 0;
            if (wanted > buffer_.size()) co_return fail("a packet is too large");
            const auto [failed, count] = co_await socket_.async_read_some(
                asio::buffer(buffer_.data() + received_, buffer_.size() - received_), completion
            );
            if (failed) co_return fail(failed.message());
            received_ += count;
        }
        co_return true;
    }

    [[nodiscard]] bool is(unsigned first) const {
        return size_ > 0 && std::to_integer<unsigned>(packet_[0]) == first;
    }

    [[nodiscard]] bytes_view packet_view() const { return {std::span(packet_, size_)}; }

    [[nodiscard]] std::string text_of_error() const {
        return std::string(weir::protocol::wire::as_text(packet_view()).substr(9));
    }

    bool fail(std::string why) {
        ++load_.failures;
        load_.last_error = std::move(why);
        return false;
    }

    load& load_;
    asio::ip::tcp::socket socket_;
    std::array<std::byte, 1024> buffer_{};
    std::size_t received_ = 0;
    std::size_t read_from_ = 0;  ///< where the present packet's header is
    std::size_t size_ = 0;       ///< of the present packet; the header of none is skipped at first
    const std::byte* packet_ = nullptr;
    std::uint8_t sequence_ = 0;
};

std::string next_statement(load& of) {
    const auto id = std::to_string(of.random() % 1'000 + 1);
    const bool writes = of.random() % 10 == 0;
    return writes ? "UPDATE many_clients SET a = a + 1 WHERE id = " + id
                  : "SELECT a FROM many_clients WHERE id = " + id;
}

/// Logs in and stays, as a pool's connection does.
awaitable<void> live(load& of) {
    client self(of);
    asio::steady_timer pause(of.io);
    const auto begun = steady_clock::now();
    const bool is_in = co_await self.log_in();
    if (!is_in) co_return;
    of.logins.add(begun);
    ++of.logged_in;
    std::uniform_int_distribution<std::int64_t> any(0, 2 * of.period.count());
    while (true) {
        pause.expires_after(std::chrono::milliseconds(any(of.random)));
        (void)co_await pause.async_wait(completion);
        const auto asked = steady_clock::now();
        const std::string statement = next_statement(of);
        const bool answered = co_await self.ask(statement);
        if (!answered) break;
        of.statements.add(asked);
    }
    --of.logged_in;
}

awaitable<void> come_and_go(load& of) {
    client self(of);
    ++of.storming;
    const auto begun = steady_clock::now();
    const bool is_in = co_await self.log_in();
    if (is_in) of.logins.add(begun);
    --of.storming;
    if (is_in) co_await self.quit();
}

/// Begins `per_second` of them until the end, in steps of 5 ms.
template <class Begin>
awaitable<void> at_rate(load& of, std::size_t per_second, std::size_t total, Begin begin) {
    asio::steady_timer next(of.io);
    const auto begun = steady_clock::now();
    for (std::size_t made = 0; made < total;) {
        const std::chrono::duration<double> past = steady_clock::now() - begun;
        const auto due = static_cast<std::size_t>(past.count() * static_cast<double>(per_second));
        for (; made < std::min(due, total); ++made)
            begin();
        next.expires_after(std::chrono::milliseconds(5));
        (void)co_await next.async_wait(completion);
    }
}

awaitable<void> storm(load& of) {
    asio::steady_timer begin(of.io, of.storm_begins);
    (void)co_await begin.async_wait(completion);
    constexpr std::size_t at_once_max = 4'000;
    co_await at_rate(
        of,
        of.storm_per_second,
        of.storm_per_second * static_cast<std::size_t>(of.storm_lasts.count()),
        [&] {
            if (of.storming < at_once_max) asio::co_spawn(of.io, come_and_go(of), asio::detached);
        }
    );
}

awaitable<void> report(load& of) {
    asio::steady_timer next(of.io);
    const auto begun = steady_clock::now();
    for (int second = 1; second <= of.time.count(); ++second) {
        next.expires_at(begun + std::chrono::seconds(second));
        (void)co_await next.async_wait(completion);
        std::printf(
            R"({"second": %d, "clients": %zu, "failures": %zu, "storming": %zu, %s, %s, "error": "%s"})"
            "\n",
            second,
            of.logged_in,
            of.failures,
            of.storming,
            of.statements.take("statements").c_str(),
            of.logins.take("logins").c_str(),
            of.last_error.c_str()
        );
        std::fflush(stdout);
    }
    of.io.stop();
}

}  // namespace

int main(int count, char** arguments) {
    constexpr int wanted = 8;
    if (count != wanted) {
        std::fputs(
            "usage: bench_many_clients PORT CLIENTS PERIOD_MS SECONDS STORM_PER_SECOND STORM_BEGIN "
            "STORM_SECONDS\n",
            stderr
        );
        return 2;
    }
    const auto number = [&](int i) { return std::strtoul(arguments[i], nullptr, 10); };
    load all;
    all.proxy = {asio::ip::make_address("127.0.0.1"), static_cast<asio::ip::port_type>(number(1))};
    all.clients = number(2);
    all.period = std::chrono::milliseconds(number(3));
    all.time = std::chrono::seconds(number(4));
    all.storm_per_second = number(5);
    all.storm_begins = std::chrono::seconds(number(6));
    all.storm_lasts = std::chrono::seconds(number(7));
    constexpr std::size_t joining_per_second = 500;
    asio::co_spawn(
        all.io,
        at_rate(
            all,
            joining_per_second,
            all.clients,
            [&] { asio::co_spawn(all.io, live(all), asio::detached); }
        ),
        asio::detached
    );
    asio::co_spawn(all.io, storm(all), asio::detached);
    asio::co_spawn(all.io, report(all), asio::detached);
    all.io.run();
}
