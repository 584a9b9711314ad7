#include "src/net/stream.hpp"
#include "src/net/tls_error.hpp"
#include "src/net/transfer.hpp"

#include "tests/component/net/loopback.hpp"
#include "tests/component/net/test_certificates.hpp"

#include <boost/asio/detached.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <optional>
#include <string>

namespace weir::net {
namespace {

namespace asio = boost::asio;
using config::server_tls_mode;
using config::tls_version;
using kind = config::endpoint::kind;

const test::test_authority& authority() {
    static const test::test_authority made("stream_ca");
    return made;
}

const test::test_authority& stranger() {
    static const test::test_authority made("stranger_ca");
    return made;
}

const test::certificate_files& server_files() {
    static const auto made = authority().issue("stream_server", "DNS:db1.example,IP:127.0.0.1");
    return made;
}

config::client_tls_settings listening_settings() {
    config::client_tls_settings settings;
    settings.mode = config::client_tls_mode::require;
    settings.cert = server_files().cert;
    settings.key = server_files().key;
    return settings;
}

config::server_tls_settings connecting_settings(server_tls_mode mode, std::string ca = {}) {
    config::server_tls_settings settings;
    settings.mode = mode;
    settings.ca = std::move(ca);
    return settings;
}

struct handshake_outcome {
    error_code client;
    error_code server;
};

asio::awaitable<void> keep_result(
    asio::awaitable<error_code> handshake, std::optional<error_code>& into
) {
    into = co_await std::move(handshake);
}

class tls_stream : public testing::Test {
protected:
    void SetUp() override { test::connect_pair(client_, server_, kind::tcp); }

    handshake_outcome shake_hands(
        std::shared_ptr<const tls_context> connecting,
        std::shared_ptr<const tls_context> listening,
        const std::string& host = "db1.example"
    ) {
        std::optional<error_code> client;
        std::optional<error_code> server;
        asio::co_spawn(
            context_,
            keep_result(
                client_.start_tls_client(std::move(connecting), host, test::soon()), client
            ),
            asio::detached
        );
        asio::co_spawn(
            context_,
            keep_result(server_.start_tls_server(std::move(listening), test::soon()), server),
            asio::detached
        );
        test::run_until(context_, [&] {
            // A side that fails leaves the other one waiting for its next message.
            if (client && client->failed() && !server) client_.close();
            if (server && server->failed() && !client) server_.close();
            return client && server;
        });
        return {*client, *server};
    }

    handshake_outcome shake_hands(
        const config::server_tls_settings& connecting,
        const config::client_tls_settings& listening,
        const std::string& host = "db1.example"
    ) {
        return shake_hands(
            tls_context::for_servers(connecting).value(),
            tls_context::for_clients(listening).value(),
            host
        );
    }

    asio::io_context context_;
    stream client_{context_};
    stream server_{context_};
};

struct verification_row {
    const char* name;
    server_tls_mode mode;
    bool known_authority;
    const char* host;
    int error;  ///< X509_V_ERR_* or 0
};

class tls_verification : public tls_stream, public testing::WithParamInterface<verification_row> {};

INSTANTIATE_TEST_SUITE_P(
    modes,
    tls_verification,
    testing::Values(
        verification_row{
            "preferred_looks_at_nothing", server_tls_mode::preferred, false, "other.example", 0},
        verification_row{
            "required_looks_at_nothing", server_tls_mode::required, false, "other.example", 0},
        verification_row{
            "verify_ca_accepts_any_name", server_tls_mode::verify_ca, true, "other.example", 0},
        verification_row{
            "verify_ca_refuses_a_stranger",
            server_tls_mode::verify_ca,
            false,
            "db1.example",
            X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY},
        verification_row{
            "verify_identity_accepts_the_name",
            server_tls_mode::verify_identity,
            true,
            "db1.example",
            0},
        verification_row{
            "verify_identity_accepts_the_address",
            server_tls_mode::verify_identity,
            true,
            "127.0.0.1",
            0},
        verification_row{
            "verify_identity_refuses_another_name",
            server_tls_mode::verify_identity,
            true,
            "db2.example",
            X509_V_ERR_HOSTNAME_MISMATCH},
        verification_row{
            "verify_identity_refuses_another_address",
            server_tls_mode::verify_identity,
            true,
            "127.0.0.2",
            X509_V_ERR_IP_ADDRESS_MISMATCH},
        verification_row{
            "verify_identity_refuses_a_stranger",
            server_tls_mode::verify_identity,
            false,
            "db1.example",
            X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY}
    ),
    [](const auto& row) { return row.param.name; }
);

TEST_P(tls_verification, holds) {
    const auto& row = GetParam();
    const auto ca = row.known_authority ? authority().file() : stranger().file();
    const auto outcome =
        shake_hands(connecting_settings(row.mode, ca), listening_settings(), row.host);
    if (row.error == 0) {
        EXPECT_FALSE(outcome.client) << outcome.client.message();
        EXPECT_FALSE(outcome.server) << outcome.server.message();
    } else {
        EXPECT_EQ(outcome.client, error_code(row.error, certificate_category()))
            << outcome.client.message();
        EXPECT_TRUE(outcome.server);
    }
}

TEST_F(tls_stream, cannot_verify_the_identity_of_a_host_without_a_name) {
    const auto settings = connecting_settings(server_tls_mode::verify_identity, authority().file());
    EXPECT_TRUE(shake_hands(settings, listening_settings(), "").client);
}

struct version_row {
    const char* name;
    tls_version client_minimum;
    int client_maximum;
    tls_version server_minimum;
    const char* agreed;  ///< empty: none
};

class tls_versions : public tls_stream, public testing::WithParamInterface<version_row> {};

INSTANTIATE_TEST_SUITE_P(
    pairs,
    tls_versions,
    testing::Values(
        version_row{
            "the_newest_wins",
            tls_version::tls_1_2,
            TLS1_3_VERSION,
            tls_version::tls_1_2,
            "TLSv1.3"},
        version_row{
            "an_old_client_is_served",
            tls_version::tls_1_2,
            TLS1_2_VERSION,
            tls_version::tls_1_2,
            "TLSv1.2"},
        version_row{
            "an_old_client_is_refused",
            tls_version::tls_1_2,
            TLS1_2_VERSION,
            tls_version::tls_1_3,
            ""},
        version_row{
            "both_insist_on_1_3",
            tls_version::tls_1_3,
            TLS1_3_VERSION,
            tls_version::tls_1_3,
            "TLSv1.3"}
    ),
    [](const auto& row) { return row.param.name; }
);

TEST_P(tls_versions, are_agreed_or_refused) {
    const auto& row = GetParam();
    auto connecting = connecting_settings(server_tls_mode::required);
    connecting.minimum_version = row.client_minimum;
    auto listening = listening_settings();
    listening.minimum_version = row.server_minimum;
    const auto client_context = tls_context::for_servers(connecting).value();
    SSL_CTX_set_max_proto_version(client_context->native(), row.client_maximum);
    const auto outcome = shake_hands(client_context, tls_context::for_clients(listening).value());
    if (*row.agreed == '\0') {
        EXPECT_TRUE(outcome.server);
        EXPECT_FALSE(server_.tls().has_value());
        return;
    }
    ASSERT_FALSE(outcome.client || outcome.server);
    EXPECT_EQ(client_.tls().value().version, row.agreed);
    EXPECT_EQ(server_.tls().value(), client_.tls().value());
    EXPECT_FALSE(server_.tls().value().cipher.empty());
}

TEST_F(tls_stream, refuses_a_client_without_the_certificate_it_asks_for) {
    auto listening = listening_settings();
    listening.ca = authority().file();
    EXPECT_TRUE(shake_hands(connecting_settings(server_tls_mode::required), listening).server);
}

TEST_F(tls_stream, serves_a_client_with_the_certificate_it_asks_for) {
    auto listening = listening_settings();
    listening.ca = authority().file();
    const auto files = authority().issue("stream_client", "DNS:proxy.example");
    auto connecting = connecting_settings(server_tls_mode::required);
    connecting.cert = files.cert;
    connecting.key = files.key;
    const auto outcome = shake_hands(connecting, listening);
    EXPECT_FALSE(outcome.client) << outcome.client.message();
    EXPECT_FALSE(outcome.server) << outcome.server.message();
}

TEST_F(tls_stream, is_upgraded_in_place_between_plain_bytes_and_encrypted_ones) {
    test::write_now(client_, "request for TLS");
    std::string request(15, '\0');
    ASSERT_FALSE(test::complete(
        context_, read_exactly(server_, std::as_writable_bytes(std::span(request)), test::soon())
    ));
    EXPECT_FALSE(server_.is_tls());
    const auto outcome =
        shake_hands(connecting_settings(server_tls_mode::required), listening_settings());
    ASSERT_FALSE(outcome.client || outcome.server);
    EXPECT_TRUE(server_.is_tls());
    test::write_now(client_, "login");
    EXPECT_EQ(test::read_waiting(server_, 5).text, "login");
    test::write_now(server_, "ok");
    EXPECT_EQ(test::read_waiting(client_, 2).text, "ok");
}

TEST_F(tls_stream, wakes_for_bytes_that_it_has_decrypted_already) {
    const auto outcome =
        shake_hands(connecting_settings(server_tls_mode::required), listening_settings());
    ASSERT_FALSE(outcome.client || outcome.server);
    test::write_now(client_, "abcdef");
    std::string got;
    while (got.size() < 6) {
        bool woken = false;
        server_.async_wait_readable([&woken](const error_code&) { woken = true; });
        test::run_until(context_, [&woken] { return woken; });
        std::array<std::byte, 1> one{};
        error_code error;
        if (server_.read_some(one, error) == 1) got += static_cast<char>(one[0]);
    }
    EXPECT_EQ(got, "abcdef");
}

TEST_F(tls_stream, takes_several_records_in_one_read) {
    const auto outcome =
        shake_hands(connecting_settings(server_tls_mode::required), listening_settings());
    ASSERT_FALSE(outcome.client || outcome.server);
    for (const char* const part : {"one ", "two ", "three"})
        test::write_now(client_, part);
    const auto first = test::read_waiting(server_, 1);
    EXPECT_EQ(first.text + test::read_available(server_).text, "one two three");
}

TEST_F(tls_stream, tells_the_end_when_the_peer_says_so_and_when_it_just_closes) {
    const auto outcome =
        shake_hands(connecting_settings(server_tls_mode::required), listening_settings());
    ASSERT_FALSE(outcome.client || outcome.server);
    test::write_now(client_, "bye");
    client_.shutdown_write();
    const auto last = test::read_waiting(server_, 100);
    EXPECT_EQ(last.text, "bye");
    EXPECT_EQ(last.error, asio::error::eof);
    ::shutdown(server_.native_handle(), SHUT_WR);  // no close_notify
    EXPECT_EQ(test::read_waiting(client_, 1).error, asio::error::eof);
}

TEST_F(tls_stream, reports_bytes_that_are_no_handshake) {
    test::write_now(client_, "SELECT 1; -- this is no ClientHello");
    const auto context = tls_context::for_clients(listening_settings()).value();
    const auto error = test::complete(context_, server_.start_tls_server(context, test::soon()));
    EXPECT_EQ(error.category(), tls_category());
    EXPECT_EQ(error.message(), "wrong version number");
}

TEST_F(tls_stream, gives_up_a_handshake_at_the_deadline) {
    const auto context = tls_context::for_clients(listening_settings()).value();
    const auto passed = std::chrono::steady_clock::now();
    EXPECT_EQ(
        test::complete(context_, server_.start_tls_server(context, passed)), asio::error::timed_out
    );
}

TEST_F(tls_stream, keeps_its_certificate_when_the_next_connection_gets_a_new_one) {
    const auto connecting =
        tls_context::for_servers(connecting_settings(server_tls_mode::verify_ca, authority().file())
        )
            .value();
    auto listening = tls_context::for_clients(listening_settings()).value();
    const auto outcome = shake_hands(connecting, listening);
    ASSERT_FALSE(outcome.client || outcome.server);

    const auto renewed_files = stranger().issue("renewed_server", "DNS:db1.example");
    auto renewed = listening_settings();
    renewed.cert = renewed_files.cert;
    renewed.key = renewed_files.key;
    listening = tls_context::for_clients(renewed).value();
    test::write_now(client_, "still here");
    EXPECT_EQ(test::read_waiting(server_, 10).text, "still here");

    test::connect_pair(client_, server_, kind::tcp);
    EXPECT_EQ(shake_hands(connecting, listening).client.category(), certificate_category());
}

}  // namespace
}  // namespace weir::net
