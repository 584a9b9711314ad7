// What sessions learn of functions and views, and what they tell of changes to them.

#include "splitter/relay/session_core.hpp"

#include "tests/support/client_commands.hpp"
#include "tests/support/session_script.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace weir::splitter {
namespace {

using namespace weir::test;  // the whole file speaks the script's language
using role = session_script::role;
using changes = std::vector<std::string>;

std::shared_ptr<const routine_catalog> catalog_with(std::string body) {
    definition_source all;
    all.version_number = 90700;
    routine_source function{
        .schema = "app", .name = "f", .body = std::move(body), .sql_mode = {}, .parameters = {}};
    routine_source procedure{
        .what = routine_source::kind::procedure,
        .schema = "app",
        .name = "harmless",
        .body = "SELECT 1",
        .sql_mode = {},
        .parameters = {}};
    all.routines = {std::move(function), std::move(procedure)};
    all.loadable_functions.emplace();
    return routine_catalog::make(all);
}

class scripted_watch final : public definition_watch {
public:
    const known_definitions& known() override { return known_; }

    void begin(const definition_change& change) override {
        told_.push_back("begin " + change.name);
    }

    void end(const definition_change& change) override { told_.push_back("end " + change.name); }

    void learn(std::string body_of_f) {
        known_ = known_definitions{++version_, catalog_with(std::move(body_of_f)), {}};
    }

    [[nodiscard]] changes take_told() { return std::exchange(told_, {}); }

private:
    std::uint64_t version_ = 0;
    known_definitions known_;
    changes told_;
};

/// A session in schema "app", where f() is known.
struct watching_script {
    explicit watching_script(scripted_watch& observer) : watch(observer) {
        script.world().definitions = &watch;
        script.world().version_number = 90700;
        watch.learn("RETURN 1");
        script.run(init_db("app"), primary, ok_answer());
        replica.state.schema = "app";
    }

    /// Where a command is sent that is then answered with OK.
    std::string target_of(const byte_vector& sent) {
        script.client_sends(sent);
        const auto where = script.stop().where.role;
        script.lease(where == server_role::primary ? primary : replica);
        while (script.leased() != nullptr)
            script.backend_sends(ok_answer());
        return where == server_role::primary ? "primary" : "replica";
    }

    scripted_watch& watch;
    session_script script;
    scripted_backend& primary = script.connection(role::primary);
    scripted_backend& replica = script.connection(role::replica);
};

TEST(session_definitions, send_a_proven_function_to_a_replica) {
    scripted_watch watch;
    watching_script session{watch};
    EXPECT_EQ(session.target_of(query("SELECT f()")), "replica");
    EXPECT_EQ(session.target_of(query("SELECT g()")), "primary");
    session.watch.learn("BEGIN DELETE FROM t; RETURN 1; END");
    EXPECT_EQ(session.target_of(query("SELECT f()")), "primary");
}

TEST(session_definitions, know_nothing_without_a_watch) {
    scripted_watch watch;
    watching_script session{watch};
    session.script.world().definitions = nullptr;
    EXPECT_EQ(session.target_of(query("SELECT f()")), "primary");
}

TEST(session_definitions, tell_of_a_change_before_it_is_sent_and_after_its_answer) {
    scripted_watch watch;
    watching_script session{watch};
    session.script.client_sends(query("CREATE VIEW v AS SELECT 1"));
    EXPECT_EQ(session.watch.take_told(), changes{"begin v"});
    session.script.lease(session.primary);
    EXPECT_EQ(session.watch.take_told(), changes{});
    session.script.backend_sends(ok_answer());
    EXPECT_EQ(session.watch.take_told(), changes{"end v"});
}

TEST(session_definitions, tell_that_a_change_is_over_that_no_server_took) {
    scripted_watch watch;
    watching_script session{watch};
    session.script.client_sends(query("CREATE VIEW v AS SELECT 1"));
    session.script.refuse_lease(protocol::mysql::server_errc::unknown_error);
    EXPECT_EQ(watch.take_told(), (changes{"begin v", "end v"}));
}

TEST(session_definitions, tell_that_a_change_is_over_when_the_session_ends_with_it) {
    scripted_watch watch;
    {
        watching_script session{watch};
        session.script.client_sends(query("CREATE VIEW v AS SELECT 1"));
        session.script.lease(session.primary);
        session.script.backend_fails();
    }
    EXPECT_EQ(watch.take_told(), (changes{"begin v", "end v"}));
}

TEST(session_definitions, tell_nothing_of_other_statements) {
    scripted_watch watch;
    watching_script session{watch};
    session.target_of(query("INSERT INTO t VALUES (1)"));
    session.target_of(query("CALL harmless()"));
    EXPECT_EQ(session.watch.take_told(), changes{});
    session.target_of(query("CALL making()"));
    EXPECT_EQ(session.watch.take_told(), (changes{"begin ", "end "}));
}

TEST(session_definitions, tell_of_a_prepared_change_when_it_runs) {
    scripted_watch watch;
    watching_script session{watch};
    session.script.run(
        stmt_prepare("CREATE VIEW v AS SELECT 1"), session.primary, prepared_answer(7, 0)
    );
    EXPECT_EQ(session.watch.take_told(), changes{});
    session.target_of(stmt_execute_bare(1));
    EXPECT_EQ(session.watch.take_told(), (changes{"begin v", "end v"}));
}

TEST(session_definitions, ask_again_when_a_prepared_statement_runs) {
    scripted_watch watch;
    watching_script session{watch};
    session.script.run(stmt_prepare("SELECT f()"), session.replica, prepared_answer(7, 0));
    session.script.client_sends(stmt_execute_bare(1));
    EXPECT_EQ(session.script.stop().where.role, server_role::replica);
    session.script.lease(session.replica);
    session.script.backend_sends(rows_answer());
    session.watch.learn("BEGIN DELETE FROM t; RETURN 1; END");
    session.script.client_sends(stmt_execute_bare(1));
    EXPECT_EQ(session.script.stop().where.role, server_role::primary);
}

TEST(session_definitions, read_a_prepared_statements_names_in_the_schema_where_it_was_prepared) {
    scripted_watch watch;
    watching_script session{watch};
    session.script.run(stmt_prepare("SELECT f()"), session.replica, prepared_answer(7, 0));
    session.target_of(init_db("other"));
    session.watch.learn("RETURN 2");
    session.script.client_sends(stmt_execute_bare(1));
    EXPECT_EQ(session.script.stop().where.role, server_role::replica);
}

}  // namespace
}  // namespace weir::splitter
