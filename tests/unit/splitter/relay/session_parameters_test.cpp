// The types of parameters that MySQL keeps with a prepared statement, which clients share.

#include "protocol/mysql/messages/column_definition.hpp"
#include "protocol/mysql/messages/stmt_prepare_ok.hpp"
#include "splitter/relay/session_core.hpp"

#include "tests/support/session_script.hpp"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

namespace weir::splitter {
namespace {

using namespace weir::test;  // the whole file speaks the script's language
using role = session_script::role;

constexpr unsigned type_longlong = 8;
constexpr unsigned type_var_string = 253;

/// The answer to a prepare of one parameter, which is a text by what stands around it.
byte_vector prepared_as_text(std::uint32_t id) {
    protocol::mysql::column_definition definition;
    definition.name = "?";
    definition.type = type_var_string;
    return frames_of(
        {payload_of(protocol::mysql::stmt_prepare_ok{id, 0, 1, 0, true}, {}),
         payload_of(definition, {})}
    );
}

/// Two clients of one worker that have prepared the same text, and a connection that both use.
struct two_clients {
    explicit two_clients(std::uint32_t server_version = 90700) {
        here.state.version_number = server_version;
        other.world().statements = one.world().statements;
        one.run(stmt_prepare("SELECT 1 FROM t WHERE v=?"), elsewhere, prepared_as_text(1));
        other.run(stmt_prepare("SELECT 1 FROM t WHERE v=?"), elsewhere, prepared_as_text(2));
    }

    /// Runs the statement with such a value; the id under which it is run here. `prepared`: what
    /// it is prepared as, if it is.
    static std::uint32_t run(session_script& client, scripted_backend& at, unsigned type) {
        static std::uint32_t next = 70;
        client.client_sends(execute_as(1, type));
        client.lease(at);
        const bool prepares = at.last_sent() == stmt_prepare("SELECT 1 FROM t WHERE v=?");
        if (prepares) client.backend_sends(prepared_as_text(++next));
        const byte_vector sent = at.last_sent();
        client.backend_sends(rows_answer());
        constexpr std::size_t id_at = 5;
        return static_cast<std::uint32_t>(sent.at(id_at));
    }

    session_script one;
    session_script other;
    scripted_backend& elsewhere = one.connection(role::replica);
    scripted_backend& here = one.connection(role::replica);
};

TEST(session_parameters, of_another_client_do_not_change_what_a_text_is_taken_as) {
    two_clients clients;
    const auto number = clients.run(clients.one, clients.here, type_longlong);
    const auto text = clients.run(clients.other, clients.here, type_var_string);
    EXPECT_NE(number, text);
    EXPECT_EQ(clients.run(clients.one, clients.here, type_longlong), number);
    EXPECT_EQ(clients.run(clients.other, clients.here, type_var_string), text);
    EXPECT_EQ(clients.run(clients.one, clients.here, type_var_string), number)
        << "its own number before counts";
    EXPECT_EQ(clients.run(clients.one, clients.here, type_null), number);
    EXPECT_EQ(clients.run(clients.other, clients.here, type_null), text);
    EXPECT_EQ(clients.run(clients.other, clients.here, type_longlong), number);
}

/// Runs the statement with this text.
byte_vector execute_with(std::string_view text) {
    const byte_vector head =
        bytes({0, 1, 0, 0, 0, 0, 1, type_var_string, 0, static_cast<unsigned>(text.size())});
    return statement_command(protocol::mysql::command::stmt_execute, 1, head + bytes(text));
}

TEST(session_parameters, that_are_numbers_in_texts_are_integers_only_if_they_can_be) {
    const struct {
        std::string_view text;
        bool is_fraction;
    } rows[]{
        {"5", false},
        {"12x", false},
        {"", false},
        {"1.", true},
        {"-1", true},
        {"-0", false},
        {"1e2", true},
        {"1e", false},
        {" 7", false},
        {"7 ", false},
        {"7.5 ", true},
        {"+.5", true},
        {"-", false},
        {".", false},
        {"1.5.5", false},
        {"9223372036854775807", false},
        {"9223372036854775808", true},
        {"99999999999999999999999", true},
    };

    for (const auto& row : rows) {
        two_clients clients;
        (void)clients.run(clients.one, clients.here, type_longlong);
        clients.one.client_sends(execute_with(row.text));
        clients.one.lease(clients.here);
        clients.one.backend_sends(rows_answer());
        const auto& bound = clients.one.core().facts().statements.find(1)->binding;
        const auto expected = row.is_fraction ? parameter_class::decimal : parameter_class::integer;
        EXPECT_EQ(bound.taken_as.at(0), expected) << row.text;
    }
}

TEST(session_parameters, are_as_before_if_long_data_cannot_be_of_their_type) {
    using protocol::mysql::command;
    two_clients clients;
    (void)clients.run(clients.one, clients.here, type_var_string);
    const auto& bound = clients.one.core().facts().statements.find(1)->binding;
    clients.one.client_sends(statement_command(command::stmt_send_long_data, 1, bytes({0, 0, 'x'}))
    );
    clients.one.client_sends(execute_as(1, type_longlong));
    EXPECT_EQ(bound.taken_as, parameter_classes{parameter_class::text});
    EXPECT_TRUE(bound.values.empty());
}

/// With the value 0.
byte_vector run_with_number(std::uint32_t id) {
    const byte_vector head = bytes({0, 1, 0, 0, 0, 0, 1, type_longlong, 0});
    return statement_command(protocol::mysql::command::stmt_execute, id, head + byte_vector(8));
}

TEST(session_parameters, that_only_a_run_before_could_give_are_given_by_one) {
    two_clients clients;
    const auto first = clients.run(clients.one, clients.elsewhere, type_longlong);
    EXPECT_EQ(clients.run(clients.one, clients.elsewhere, type_null), first);
    clients.one.client_sends(execute_as(1, type_null));
    clients.one.lease(clients.here);
    EXPECT_EQ(clients.here.last_sent(), stmt_prepare("SELECT 1 FROM t WHERE v=?"));
    constexpr std::uint8_t here = 9;
    clients.one.backend_sends(prepared_as_text(here));
    EXPECT_EQ(clients.here.last_sent(), query("SET SESSION sql_select_limit=0"));
    clients.one.backend_sends(ok_answer());
    EXPECT_EQ(clients.here.last_sent(), run_with_number(here));
    clients.one.backend_sends(error_answer(1690));
    EXPECT_EQ(clients.here.last_sent(), query("SET SESSION sql_select_limit=DEFAULT"));
    clients.one.backend_sends(ok_answer());
    EXPECT_EQ(clients.here.last_sent(), execute_as(here, type_null));
    clients.one.backend_sends(rows_answer());
    EXPECT_EQ(clients.run(clients.one, clients.here, type_null), here) << "once";
    EXPECT_EQ(clients.run(clients.one, clients.here, type_longlong), here);
    EXPECT_EQ(clients.run(clients.other, clients.here, type_longlong), here);
}

TEST(session_parameters, are_taken_as_under_what_was_set_when_they_were_renewed) {
    two_clients clients;
    auto& state = clients.one.core().facts().state;
    const auto sent_here = [&] { return clients.here.last_sent(); };
    const auto answer = [&](const byte_vector& packet) { clients.one.backend_sends(packet); };
    (void)state.on_variable("div_precision_increment", "8");
    clients.one.client_sends(execute_as(1, type_longlong));
    clients.one.lease(clients.elsewhere);
    answer(ok_answer());
    answer(rows_answer());
    (void)state.on_variable("div_precision_increment", "2");
    clients.one.client_sends(execute_as(1, type_longlong));
    clients.one.lease(clients.here);
    EXPECT_EQ(sent_here(), query("SET SESSION div_precision_increment=8"));
    answer(ok_answer());
    EXPECT_EQ(sent_here(), stmt_prepare("SELECT 1 FROM t WHERE v=?"));
    constexpr std::uint8_t here = 9;
    answer(prepared_as_text(here));
    EXPECT_EQ(sent_here(), query("SET SESSION sql_select_limit=0"));
    answer(ok_answer());
    EXPECT_EQ(sent_here(), run_with_number(here));
    answer(rows_answer());
    EXPECT_EQ(
        sent_here(),
        query("SET SESSION div_precision_increment=2, SESSION sql_select_limit=DEFAULT")
    );
    answer(ok_answer());
    EXPECT_EQ(sent_here(), execute_as(here, type_longlong));
    answer(rows_answer());
    EXPECT_EQ(clients.run(clients.one, clients.here, type_longlong), here) << "once";
    EXPECT_NE(clients.run(clients.other, clients.here, type_longlong), here)
        << "nobody else has that set";
}

/// Runs a statement of one text without its type.
byte_vector execute_with_text(std::uint32_t id) {
    return statement_command(
        protocol::mysql::command::stmt_execute, id, bytes({0, 1, 0, 0, 0, 0, 0, 1, 'x'})
    );
}

TEST(session_parameters, are_read_as_when_their_types_were_sent) {
    using protocol::mysql::command;
    two_clients clients;
    const auto sent_here = [&] { return clients.here.last_sent(); };
    const auto answer = [&](const byte_vector& packet) { clients.one.backend_sends(packet); };
    (void)clients.run(clients.one, clients.elsewhere, type_var_string);
    (void)clients.one.core().facts().state.on_variable("character_set_client", "latin1");
    clients.one.client_sends(execute_with_text(1));
    clients.one.lease(clients.here);
    EXPECT_EQ(sent_here(), stmt_prepare("SELECT 1 FROM t WHERE v=?"));
    constexpr std::uint8_t here = 9;
    answer(prepared_as_text(here));
    const byte_vector no_parameter = bytes({0xFF, 0xFF});
    const byte_vector without_value = bytes({0, 1, 0, 0, 0, 0xFF, 1, type_var_string, 0});
    EXPECT_EQ(
        sent_here(),
        statement_command(command::stmt_send_long_data, here, no_parameter) +
            statement_command(command::stmt_execute, here, without_value)
    );
    answer(error_answer(1210));
    EXPECT_EQ(sent_here(), statement_command(command::stmt_reset, here));
    answer(ok_answer());
    EXPECT_EQ(sent_here(), query("SET SESSION character_set_client='latin1'"));
    answer(ok_answer());
    EXPECT_EQ(sent_here(), execute_with_text(here));
    answer(rows_answer());
    clients.one.run(execute_with_text(1), clients.here, rows_answer());
    EXPECT_EQ(sent_here(), execute_with_text(here)) << "bound once";
}

TEST(session_parameters, of_a_write_are_taken_as_new) {
    session_script script;
    auto& first = script.connection(role::primary);
    auto& second = script.connection(role::primary);
    script.run(stmt_prepare("DELETE FROM t WHERE v=?"), first, prepared_as_text(1));
    script.run(execute_as(1, type_longlong), first, ok_answer());
    script.client_sends(execute_as(1, type_null));
    script.lease(second);
    script.backend_sends(prepared_as_text(9));
    EXPECT_EQ(second.last_sent(), execute_as(9, type_null));
}

TEST(session_parameters, are_not_kept_by_older_servers) {
    two_clients clients(50744);
    const auto number = clients.run(clients.one, clients.here, type_longlong);
    EXPECT_EQ(clients.run(clients.other, clients.here, type_var_string), number);
}

/// A client of MySQL whose statement names a variable that it sets after it has prepared that.
struct later_variables : testing::Test {
    later_variables() {
        for (auto* const one : {&first, &second, &primary})
            one->state.version_number = 90700;
        script.run(stmt_prepare(sql), first, prepared_answer(71, 0));
    }

    /// What is sent to `at`, one command after the other, by a command of the client.
    std::vector<byte_vector> sent_by(const byte_vector& command, scripted_backend& at) {
        const std::size_t before = at.sent.size();
        script.client_sends(command);
        if (script.leased() == nullptr) script.lease(at);
        while (at.sent.back() != command && at.sent.back() != stmt_execute_bare(id))
            script.backend_sends(answer_to(at.sent.back()));
        script.backend_sends(
            command[4] == stmt_execute_bare(id)[4] ? rows_answer() : answer_to(command)
        );
        return {at.sent.begin() + static_cast<std::ptrdiff_t>(before), at.sent.end()};
    }

    static byte_vector answer_to(const byte_vector& sent) {
        const bool prepares = sent[4] == stmt_prepare(sql)[4];
        return prepares ? prepared_answer(id, 0) : ok_answer();
    }

    using commands = std::vector<byte_vector>;
    static constexpr std::string_view sql = "SELECT @A FROM t";
    static constexpr std::uint32_t id = 9;
    session_script script;
    scripted_backend& first = script.connection(role::replica);
    scripted_backend& second = script.connection(role::replica);
    scripted_backend& primary = script.connection(role::primary);
};

TEST_F(later_variables, are_set_where_the_statement_is_prepared_already) {
    EXPECT_EQ(
        sent_by(query("SET @a = 2"), primary), (commands{stmt_prepare(sql), query("SET @a = 2")})
    );
    EXPECT_EQ(
        sent_by(stmt_execute_bare(1), second),
        (commands{stmt_prepare(sql), query("SET @`a`=2"), stmt_execute_bare(id)})
    );
    EXPECT_EQ(sent_by(stmt_execute_bare(1), second), (commands{stmt_execute_bare(id)}));
}

TEST_F(later_variables, are_assigned_where_the_statement_is_prepared_already) {
    EXPECT_EQ(
        sent_by(query("SELECT @a := 2"), primary),
        (commands{stmt_prepare(sql), query("SELECT @a := 2")})
    );
    EXPECT_EQ(sent_by(stmt_execute_bare(1), primary), (commands{stmt_execute_bare(id)}));
}

TEST_F(later_variables, are_taken_away_by_a_reset_where_they_are) {
    second.state.user_variables = {{"a", "2"}};
    (void)sent_by(query("SET @a = 2"), primary);
    const auto sent = sent_by(stmt_execute_bare(1), second);
    ASSERT_GE(sent.size(), 4U);
    EXPECT_EQ(sent.front(), test::command(protocol::mysql::command::reset_connection));
    EXPECT_EQ(
        commands(sent.end() - 3, sent.end()),
        (commands{stmt_prepare(sql), query("SET @`a`=2"), stmt_execute_bare(id)})
    );
}

TEST_F(later_variables, have_the_type_that_they_had) {
    const auto another = stmt_prepare("SELECT @a + 1 FROM t");
    (void)sent_by(query("SET @a = 12"), primary);
    EXPECT_EQ(sent_by(another, first), (commands{query("SET @`a`=12"), another}));
    (void)sent_by(query("SET @a = 'x'"), primary);
    EXPECT_EQ(
        sent_by(stmt_execute_bare(2), second),
        (commands{
            stmt_prepare(sql),
            query("SET @`a`=0"),
            another,
            query("SET @`a`='x'"),
            stmt_execute_bare(id)})
    );
}

TEST_F(later_variables, are_made_by_a_write_that_names_them) {
    EXPECT_EQ(
        sent_by(query("INSERT INTO t VALUES (@a)"), primary),
        (commands{stmt_prepare(sql), query("INSERT INTO t VALUES (@a)")})
    );
    EXPECT_EQ(
        script.core().facts().state.user_variables(), (std::vector<session_variable>{{"a", "NULL"}})
    );
}

TEST_F(later_variables, of_the_same_type_are_as_good) {
    (void)sent_by(query("SET @b = 12"), primary);
    EXPECT_EQ(
        sent_by(stmt_execute_bare(1), second),
        (commands{query("SET @`b`=12"), stmt_prepare(sql), stmt_execute_bare(id)})
    ) << "the text does not name it";
}

TEST_F(later_variables, do_not_fail_if_the_statement_can_not_be_prepared) {
    script.client_sends(query("SET @a = 2"));
    script.lease(primary);
    EXPECT_EQ(primary.last_sent(), stmt_prepare(sql));
    script.backend_sends(error_answer(1146));
    EXPECT_EQ(primary.last_sent(), query("SET @a = 2"));
}

}  // namespace
}  // namespace weir::splitter
