// What rules do to the statements of a session.

#include "splitter/relay/session_core.hpp"

#include "tests/support/session_script.hpp"
#include "tests/unit/splitter/rules/rule_support.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::splitter {
namespace {

using namespace weir::test;  // the whole file speaks the script's language
using config::rule_settings;
using config::rule_target;
using config::statement_kind;
using role = session_script::role;

environment world_with(
    std::vector<rule_settings> rules,
    protocol::mysql::server_flavor flavor = protocol::mysql::server_flavor::mysql
) {
    environment world;
    world.flavor = flavor;
    world.version_number = flavor == protocol::mysql::server_flavor::mysql ? 90'700 : 110'800;
    world.rules = compile(std::move(rules));
    return world;
}

/// A session of "app" from 10.0.0.1 with a primary and a replica.
struct ruled_script : session_script {
    explicit ruled_script(
        std::vector<rule_settings> rules, capability_set client = session_capabilities
    )
        : ruled_script(world_with(std::move(rules)), client) {}

    explicit ruled_script(const environment& with, capability_set client = session_capabilities)
        : session_script(client, with) {
        core().facts().user = "app";
        core().facts().client = *parse_client_address("10.0.0.1");
    }

    scripted_backend& primary = connection(role::primary);
    scripted_backend& replica = connection(role::replica);
};

rule_settings rejecting(config::rule_condition when) {
    rule_settings rule = rule_when(std::move(when));
    rule.then.reject = "not here";
    return rule;
}

rule_settings rewriting(std::string_view pattern, std::string_view text) {
    rule_settings rule = rule_when({.pattern = std::string{pattern}});
    rule.then.rewrite = text;
    return rule;
}

rule_settings sending(config::rule_condition when, rule_target target) {
    rule_settings rule = rule_when(std::move(when));
    rule.then.target = std::move(target);
    return rule;
}

TEST(session_rules, answer_what_is_rejected_and_go_on) {
    ruled_script script{{rejecting({.kinds = {statement_kind::ddl}})}};
    script.client_sends(query("DROP TABLE t"));
    EXPECT_EQ(error_in(script.take_client_bytes()), 1105);
    script.client_sends(stmt_prepare("DROP TABLE t"));
    EXPECT_EQ(error_in(script.take_client_bytes()), 1105);
    EXPECT_EQ(script.leased(), nullptr);
    script.run(query("SELECT 1"), script.replica, rows_answer());
    EXPECT_EQ(script.take_client_bytes(), rows_answer());
    EXPECT_EQ(script.primary.sent.size(), 0U);
}

TEST(session_rules, look_at_who_the_client_is) {
    const std::vector<std::pair<config::rule_condition, bool>> rows{
        {{.users = {"app"}}, true},
        {{.users = {"other"}}, false},
        {{.clients = {"10.0.0.0/8"}}, true},
        {{.clients = {"11.0.0.0/8"}}, false},
        {{.schemas = {"shop"}}, true},
        {{.schemas = {"other"}}, false},
    };
    for (const auto& [when, is_rejected] : rows) {
        ruled_script script{{rejecting(when)}};
        script.run(init_db("shop"), script.primary, ok_answer());
        (void)script.take_client_bytes();
        script.client_sends(query("SELECT 1"));
        EXPECT_EQ(error_in(script.take_client_bytes()) == 1105, is_rejected);
    }
}

TEST(session_rules, keep_the_client_over_a_change_of_users) {
    ruled_script script{{rejecting({.users = {"second"}, .clients = {"10.0.0.2/32"}})}};
    script.client_sends(test::command(protocol::mysql::command::change_user));
    (void)script.core().on_user_changed(
        {.capabilities = session_capabilities,
         .status = idle,
         .user = "second",
         .client = *parse_client_address("10.0.0.2")}
    );
    EXPECT_EQ(script.core().facts().user, "second");
    EXPECT_EQ(script.core().facts().client, *parse_client_address("10.0.0.2"));
}

TEST(session_rules, send_reads_where_they_say_and_nothing_else) {
    ruled_script script{{
        sending({.pattern = "orders"}, {rule_target::kind::primary, {}}),
        sending({}, {rule_target::kind::server, "db3"}),
    }};
    script.client_sends(query("SELECT * FROM orders"));
    EXPECT_EQ(script.stop().where.role == server_role::primary, true);
    script.lease(script.primary);
    script.backend_sends(rows_answer());
    script.client_sends(query("SELECT 1"));
    EXPECT_EQ(script.stop().where.role == server_role::replica, true);
    EXPECT_EQ(script.stop().where.server_name, "db3");
    script.lease(script.replica);
    script.backend_sends(rows_answer());
    for (const std::string_view sql : {"UPDATE t SET a=1", "SELECT 1 FROM t FOR UPDATE"}) {
        script.client_sends(query(sql));
        EXPECT_EQ(script.stop().where.role == server_role::primary, true) << sql;
        EXPECT_EQ(script.stop().where.server_name, "") << sql;
        script.lease(script.primary);
        script.backend_sends(ok_answer());
    }
}

TEST(session_rules, outlive_a_reload_while_a_statement_is_under_way) {
    ruled_script script{{sending({}, {rule_target::kind::server, "a_long_name_of_a_server_db3"})}};
    script.client_sends(query("SELECT 1"));
    script.world().rules = nullptr;
    EXPECT_EQ(script.stop().where.server_name, "a_long_name_of_a_server_db3");
    script.lease(script.replica);
    script.backend_sends(rows_answer());
    script.client_sends(query("SELECT 1"));
    EXPECT_EQ(script.stop().where.server_name, "");
}

TEST(session_rules, rewrite_a_text_and_read_it_anew) {
    ruled_script script{{rewriting("FROM old_(\\w+)$", "FROM \\1 FOR UPDATE")}};
    script.client_sends(query("SELECT 1 FROM old_t"));
    script.lease(script.primary);
    EXPECT_EQ(script.primary.last_sent(), query("SELECT 1 FROM t FOR UPDATE"));
    script.backend_sends(rows_answer());
    EXPECT_EQ(script.take_client_bytes(), rows_answer());
    script.run(query("SELECT 1 FROM t"), script.replica, rows_answer());
    EXPECT_EQ(script.replica.last_sent(), query("SELECT 1 FROM t"));
}

TEST(session_rules, keep_the_attributes_of_a_query_that_they_rewrite) {
    constexpr capability_set client =
        session_capabilities.with(protocol::mysql::capability::query_attributes);
    ruled_script script{{rewriting("1", "2")}, client};
    script.replica.state.capabilities = client;
    const auto with_attribute = [](std::string_view sql) {
        // One attribute "a" of type string with the value "v".
        const byte_vector attribute = bytes({1, 1, 0, 1, 0xFE, 0, 1, 'a', 1, 'v'});
        return test::command(protocol::mysql::command::query, attribute + bytes(sql));
    };
    script.client_sends(with_attribute("SELECT 1"));
    script.lease(script.replica);
    EXPECT_EQ(script.replica.last_sent(), with_attribute("SELECT 2"));
}

TEST(session_rules, rewrite_prepared_statements_once_and_judge_them_as_they_came) {
    rule_settings rule = rewriting("old_", "new_");
    rule.then.target = {rule_target::kind::primary, {}};
    ruled_script script{{rule}};
    script.client_sends(stmt_prepare("SELECT ? FROM old_t"));
    script.lease(script.primary);
    EXPECT_EQ(script.primary.last_sent(), stmt_prepare("SELECT ? FROM new_t"));
    script.backend_sends(prepared_answer(71));
    script.client_sends(stmt_execute(1, bound::types));
    EXPECT_EQ(script.stop().where.role == server_role::primary, true) << "the rule applies again";
    script.lease(script.primary);
    EXPECT_EQ(script.primary.last_sent(), stmt_execute(71, bound::types));
}

TEST(session_rules, reject_what_was_prepared_before_they_came) {
    ruled_script script{std::vector<rule_settings>{}};
    script.run(stmt_prepare("SELECT ?"), script.replica, prepared_answer(71));
    (void)script.take_client_bytes();
    script.world().rules = compile({rejecting({})});
    script.client_sends(stmt_execute(1, bound::types));
    EXPECT_EQ(error_in(script.take_client_bytes()), 1105);
}

TEST(session_rules, learn_from_a_setting_that_they_rewrite) {
    // MariaDB reports only what is set with its scope: the text is changed twice.
    ruled_script script{world_with(
        {rewriting("NAMES utf8 ", "NAMES utf8mb4 ")}, protocol::mysql::server_flavor::mariadb
    )};
    script.client_sends(query("SET NAMES utf8 COLLATE utf8mb4_bin, @@time_zone='+00:00'"));
    script.lease(script.primary);
    EXPECT_EQ(
        script.primary.last_sent(),
        query("SET NAMES utf8mb4 COLLATE utf8mb4_bin, @@session.time_zone='+00:00'")
    );
    script.backend_sends(ok_answer(idle, {variable("character_set_connection", "utf8mb4")}));
    const auto& variables = script.core().facts().state.variables();
    const session_variable expected{"collation_connection", "utf8mb4_bin"};
    EXPECT_NE(std::ranges::find(variables, expected), variables.end());
}

TEST(session_rules, hold_statements_back_before_they_take_a_connection) {
    using namespace std::chrono_literals;
    rule_settings slow = rule_when({.pattern = "slow"});
    slow.then.delay = 30ms;
    ruled_script script{{slow}};
    (void)script.take_trace();
    script.client_sends(query("SELECT 'slow'"));
    EXPECT_EQ(script.take_trace(), "pause:30");
    script.end_pause();
    EXPECT_EQ(script.take_trace(), "acquire:replica");
    script.lease(script.replica);
    script.backend_sends(rows_answer());
    EXPECT_EQ(script.take_client_bytes(), rows_answer());
    script.run(stmt_prepare("SELECT ? 'slow'"), script.replica, prepared_answer(71));
    (void)script.take_trace();
    script.client_sends(stmt_execute(1, bound::types));
    EXPECT_EQ(script.take_trace(), "pause:30") << "executing is held back, preparing was not";
}

TEST(session_rules, hold_statements_of_a_transaction_back_on_their_connection) {
    using namespace std::chrono_literals;
    rule_settings slow = rule_when({.pattern = "slow"});
    slow.then.delay = 30ms;
    ruled_script script{{slow}};
    script.run(query("BEGIN"), script.primary, ok_answer(in_transaction));
    script.client_sends(query("SELECT 'slow'"));
    script.end_pause();
    EXPECT_EQ(script.leased(), &script.primary);
    EXPECT_EQ(script.primary.last_sent(), query("SELECT 'slow'"));
}

TEST(session_rules, let_statements_through_at_their_rate) {
    using namespace std::chrono_literals;
    rule_settings rare = rule_when({});
    rare.then.throttle = {1, 1s};
    rare.then.throttle_wait = 1s;
    ruled_script script{{rare}};
    script.run(query("SELECT 1"), script.replica, rows_answer());
    (void)script.take_trace();
    script.client_sends(query("SELECT 2"));
    EXPECT_EQ(script.take_trace(), "pause:1000");
    ruled_script other{script.world()};
    other.client_sends(query("SELECT 3"));
    EXPECT_EQ(error_in(other.take_client_bytes()), 1226) << "it would wait for two seconds";
    other.advance_clock(1000ms);
    other.client_sends(query("SELECT 4"));
    EXPECT_EQ(other.stop().what, session_action::kind::pause);
}

TEST(session_rules, hold_a_question_back_once_whose_answer_is_fetched) {
    using namespace std::chrono_literals;
    rule_settings rare = rule_when({.pattern = "(?i)found_rows"});
    rare.then.throttle = {1, 1s};
    ruled_script script{{rare}};
    script.run(query("SELECT 1 UNION SELECT 2"), script.replica, rows_answer());
    script.run(query("BEGIN"), script.primary, ok_answer(in_transaction));
    script.run(query("COMMIT"), script.primary, ok_answer());
    script.client_sends(query("SELECT FOUND_ROWS()"));
    script.lease(script.replica);
    script.backend_sends(row_answer({"0", "2"}));
    (void)script.take_trace();
    EXPECT_EQ(script.stop().what, session_action::kind::acquire_backend) << "and no pause";
}

TEST(session_rules, refuse_a_text_that_they_would_make_too_long) {
    environment world = world_with({rewriting("x", std::string(600, 'y'))});
    world.limits.packet_size = 1024;
    ruled_script script{world};
    script.client_sends(query("SELECT xx"));
    EXPECT_EQ(error_in(script.take_client_bytes()), 1153);
}

}  // namespace
}  // namespace weir::splitter
