#include "splitter/session/active_role.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>

namespace weir::splitter {
namespace {

using protocol::mysql::server_flavor;

std::string role_in_words(const std::optional<std::string>& role) {
    return role ? *role : "unknown";
}

TEST(active_role, is_read_from_a_text_that_names_it) {
    const struct {
        std::string_view text;
        std::string_view mysql;
        std::string_view mariadb;
    } rows[] = {
        {"SET ROLE r", "`r`@`%`", "`r`"},
        {"set /* c */ role `Reader`;", "`Reader`@`%`", "`Reader`"},
        {"SET ROLE 'r'", "`r`@`%`", "`r`"},
        {"SET ROLE \"r\" -- end", "`r`@`%`", "`r`"},
        {"SET ROLE a, 'b' ,`c`", "`a`@`%`,`b`@`%`,`c`@`%`", "`a`,`b`,`c`"},
        {"SET ROLE NONE", "NONE", "NONE"},
        {"SET ROLE none", "NONE", "NONE"},
        {"SET ROLE `none`", "`none`@`%`", "NONE"},
        {"SET ROLE ALL", "unknown", "unknown"},
        {"SET ROLE `all`", "`all`@`%`", "`all`"},
        {"SET ROLE DEFAULT", "unknown", "unknown"},
        {"SET ROLE ALL EXCEPT r", "unknown", "unknown"},
        {"SET ROLE r@'%'", "unknown", "unknown"},
        {"SET ROLE r, NONE", "unknown", "unknown"},
        {"SET ROLE `a``b`", "unknown", "unknown"},
        {"SET ROLE 'a\\'b'", "unknown", "unknown"},
        {"SET ROLE r\xC3\xA9", "unknown", "unknown"},
        {"SET ROLE 'a' 'b'", "unknown", "unknown"},
        {"SET ROLE ''", "unknown", "unknown"},
        {"SET ROLE", "unknown", "unknown"},
        {"SET roles=r", "unknown", "unknown"},
    };

    for (const auto& row : rows) {
        lexer_options options;
        options.flavor = server_flavor::mysql;
        EXPECT_EQ(role_in_words(role_set_by(row.text, options)), row.mysql) << row.text;
        options.flavor = server_flavor::mariadb;
        EXPECT_EQ(role_in_words(role_set_by(row.text, options)), row.mariadb) << row.text;
    }
}

TEST(active_role, is_taken_as_servers_tell_it) {
    const struct {
        std::optional<std::string> told;
        std::string_view mysql;
        std::string_view mariadb;
    } rows[] = {
        {std::nullopt, "NONE", "NONE"},
        {"NONE", "NONE", "`NONE`"},
        {"`a`@`%`,`b`@`h`", "`a`@`%`,`b`@`h`", "unknown"},
        {"reader", "reader", "`reader`"},
        {"", "unknown", "unknown"},
        {"r\xC3\xA9", "unknown", "unknown"},
    };

    for (const auto& row : rows) {
        EXPECT_EQ(role_in_words(role_told(row.told, server_flavor::mysql)), row.mysql);
        EXPECT_EQ(role_in_words(role_told(row.told, server_flavor::mariadb)), row.mariadb);
    }
}

TEST(active_role, is_changed_by_what_makes_the_sessions_active) {
    const struct {
        std::string_view name;
        std::optional<std::string> wanted;
        std::optional<std::string> actual;
        std::optional<std::string> login;
        std::string_view expected;
    } rows[] = {
        {"nobody has set one", std::nullopt, std::nullopt, std::nullopt, ""},
        {"the session has", "`a`", std::nullopt, "NONE", "SET ROLE `a`"},
        {"the session has none", "NONE", std::nullopt, "`a`", "SET ROLE NONE"},
        {"both have the same", "`a`", "`a`", "NONE", ""},
        {"it is the login's", "`a`", std::nullopt, "`a`", ""},
        {"another session had", std::nullopt, "`a`", "`d`", "SET ROLE `d`"},
        {"another had the login's", std::nullopt, "`d`", "`d`", ""},
        {"another session had another", "`a`", "`b`", "NONE", "SET ROLE `a`"},
        {"the login's is not known", std::nullopt, "`a`", std::nullopt, ""},
    };

    for (const auto& row : rows) {
        session_state wanted;
        if (row.wanted) wanted.set_role(*row.wanted);
        backend_state actual;
        actual.role = row.actual;
        actual.login_role = row.login;
        EXPECT_EQ(role_change(wanted, actual), row.expected) << row.name;
    }
}

}  // namespace
}  // namespace weir::splitter
