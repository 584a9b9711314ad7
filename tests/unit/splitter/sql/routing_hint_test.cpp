#include "splitter/sql/routing_hint.hpp"

#include "tests/unit/splitter/sql/statement_row.hpp"

#include <gtest/gtest.h>

namespace weir::splitter::testing {
namespace {

using target = routing_hint::target;

TEST(routing_hint, is_found_in_comments_before_in_and_after_a_statement) {
    const lexer_options options = mysql_97();
    EXPECT_EQ(
        find_hint("/* weir:primary */ SELECT 1", options), (routing_hint{target::primary, {}, {}})
    );
    EXPECT_EQ(
        find_hint("SELECT /*weir:replica*/ 1", options), (routing_hint{target::replica, {}, {}})
    );
    EXPECT_EQ(
        find_hint("SELECT 1 /* WEIR:Server=db2 */", options),
        (routing_hint{target::server, "db2", {}})
    );
    EXPECT_EQ(
        find_hint("SELECT 1; /* weir: primary */", options), (routing_hint{target::primary, {}, {}})
    );
}

TEST(routing_hint, is_found_in_comments_only) {
    const lexer_options options = mysql_97();
    for (const std::string_view text :
         {"SELECT 1",
          "SELECT '/* weir:primary */'",
          "SELECT `/* weir:primary */`",
          "SELECT 1 -- /* weir:primary */",
          "SELECT 1 # weir:primary",
          "SELECT 1 /*! weir:primary */",
          "SELECT 1 /*!99999 weir:primary */",
          "SELECT /*+ weir:primary */ 1",
          "/* weir:everything */ SELECT 1",
          "/* weir: */ SELECT 1",
          "/* weir:server= */ SELECT 1",
          "/* weir:server=a b */ SELECT 1",
          "/* not weir:primary */",
          "SELECT 'never ends /* weir:primary */",
          "/* weir:primary"}) {
        EXPECT_EQ(find_hint(text, options).what, target::none) << text;
    }
}

TEST(routing_hint, may_hold_several_parts) {
    using config::consistency;

    struct row {
        std::string_view value;
        routing_hint expected;
    };

    const row rows[]{
        {"consistency=global", {.consistency = consistency::global}},
        {"gtid=0-1-7,1-1-9 ", {.gtid = "0-1-7,1-1-9"}},
        {"consistency=session, gtid=0-1-7", {.consistency = consistency::session, .gtid = "0-1-7"}},
        {"Consistency = x", {}},
        {"consistency=Eventual", {.consistency = consistency::eventual}},
        {"replica,consistency=eventual", {target::replica, {}, consistency::eventual}},
        {" consistency=session , server=db2 ", {target::server, "db2", consistency::session}},
        {"primary,replica", {.what = target::replica}},
        {"replica,", {}},
        {"replica,nonsense", {}},
        {"consistency=", {}},
        {"consistency=everything", {}},
    };
    const lexer_options options = mysql_97();
    for (const row& each : rows) {
        EXPECT_EQ(parse_hint_value(each.value), each.expected) << each.value;
        const std::string text = "SELECT 1 /* weir:" + std::string(each.value) + " */";
        EXPECT_EQ(find_hint(text, options), each.expected) << text;
    }
}

TEST(routing_hint, the_first_one_counts) {
    const lexer_options options = mysql_97();
    EXPECT_EQ(
        find_hint("/* weir:nothing */ /* weir:replica */ SELECT 1 /* weir:primary */", options)
            .what,
        target::replica
    );
}

TEST(routing_hint, says_what_a_read_sees_beside_where_it_goes) {
    using config::consistency;

    struct row {
        std::string_view text;
        routing_hint expected;
    };

    const row rows[]{
        {"/* weir:consistency=global */ SELECT 1", {target::none, {}, consistency::global}},
        {"SELECT 1 /*WEIR:Consistency= Eventual */", {target::none, {}, consistency::eventual}},
        {"/* weir:replica */ /* weir:consistency=session */ SELECT 1",
         {target::replica, {}, consistency::session}},
        {"/* weir:consistency=session */ /* weir:server=db2 */ SELECT 1",
         {target::server, "db2", consistency::session}},
        {"/* weir:consistency=x */ /* weir:consistency=global */ SELECT 1",
         {target::none, {}, consistency::global}},
        {"/* weir:consistency=session */ SELECT 1 /* weir:consistency=global */",
         {target::none, {}, consistency::session}},
        {"/* weir:consistency= */ SELECT 1", {}},
        {"SELECT '/* weir:consistency=global */'", {}},
    };
    for (const auto& [text, expected] : rows)
        EXPECT_EQ(find_hint(text, mysql_97()), expected) << text;
}

TEST(routing_hint, respects_where_strings_end) {
    lexer_options options = mysql_97();
    constexpr std::string_view text = R"(SELECT 'a\' /* weir:primary */, 'b')";
    EXPECT_EQ(find_hint(text, options).what, target::none);
    options.no_backslash_escapes = true;
    EXPECT_EQ(find_hint(text, options).what, target::primary);
}

TEST(routing_hint, reads_the_value_of_the_query_attribute) {
    EXPECT_EQ(parse_hint_value("primary"), (routing_hint{target::primary, {}, {}}));
    EXPECT_EQ(parse_hint_value(" Replica "), (routing_hint{target::replica, {}, {}}));
    EXPECT_EQ(parse_hint_value("server=db-2.x"), (routing_hint{target::server, "db-2.x", {}}));
    EXPECT_EQ(
        parse_hint_value("consistency=global"),
        (routing_hint{target::none, {}, config::consistency::global})
    );
    EXPECT_EQ(parse_hint_value("server="), routing_hint{});
    EXPECT_EQ(parse_hint_value(""), routing_hint{});
    EXPECT_EQ(parse_hint_value("secondary"), routing_hint{});
}

}  // namespace
}  // namespace weir::splitter::testing
