#include "src/net/tls_context.hpp"

#include "tests/component/net/test_certificates.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace weir::net {
namespace {

using testing::HasSubstr;

class tls_files : public testing::Test {
protected:
    static const test::test_authority& authority() {
        static const test::test_authority made("context_ca");
        return made;
    }

    static const test::certificate_files& files() {
        static const auto made = authority().issue("context_server", "DNS:localhost");
        return made;
    }

    static config::client_tls_settings good_settings() {
        config::client_tls_settings settings;
        settings.mode = config::client_tls_mode::allow;
        settings.cert = files().cert;
        settings.key = files().key;
        return settings;
    }
};

TEST_F(tls_files, load_when_they_are_right) {
    auto settings = good_settings();
    settings.ca = authority().file();
    const auto context = tls_context::for_clients(settings);
    ASSERT_TRUE(context.has_value()) << context.error().message;
    EXPECT_NE((*context)->native(), nullptr);
}

TEST_F(tls_files, are_named_when_missing) {
    auto settings = good_settings();
    settings.cert = "/no/such/file.pem";
    const auto context = tls_context::for_clients(settings);
    ASSERT_FALSE(context.has_value());
    EXPECT_EQ(context.error().message, "cert /no/such/file.pem: No such file or directory");
}

TEST_F(tls_files, are_named_when_they_hold_no_certificate) {
    auto settings = good_settings();
    settings.cert = testing::TempDir() + "weir_garbage.pem";
    std::ofstream(settings.cert) << "no certificate\n";
    const auto context = tls_context::for_clients(settings);
    ASSERT_FALSE(context.has_value());
    EXPECT_THAT(context.error().message, HasSubstr("cert " + settings.cert + ": "));
}

TEST_F(tls_files, are_named_when_the_key_belongs_to_another_certificate) {
    auto settings = good_settings();
    settings.key = authority().issue("context_other", "DNS:localhost").key;
    const auto context = tls_context::for_clients(settings);
    ASSERT_FALSE(context.has_value());
    EXPECT_EQ(context.error().message, "key " + settings.key + ": key values mismatch");
}

TEST_F(tls_files, are_named_when_the_authority_is_missing) {
    config::server_tls_settings settings;
    settings.mode = config::server_tls_mode::verify_ca;
    settings.ca = "/no/such/ca.pem";
    const auto context = tls_context::for_servers(settings);
    ASSERT_FALSE(context.has_value());
    EXPECT_EQ(context.error().message, "ca /no/such/ca.pem: No such file or directory");
}

TEST_F(tls_files, are_not_needed_towards_servers_that_are_not_verified) {
    for (const auto mode :
         {config::server_tls_mode::preferred, config::server_tls_mode::required}) {
        config::server_tls_settings settings;
        settings.mode = mode;
        const auto context = tls_context::for_servers(settings);
        ASSERT_TRUE(context.has_value());
        EXPECT_EQ((*context)->identity(), tls_context::identity_check::none);
    }
}

}  // namespace
}  // namespace weir::net
