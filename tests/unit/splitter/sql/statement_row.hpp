#pragma once

#include "splitter/sql/classifier.hpp"
#include "splitter/sql/digest.hpp"
#include "splitter/sql/statement_readings.hpp"

#include "tests/support/other_of_its_form.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace weir::splitter::testing {

/// The traits in words: the kind; "replica" if they allow one; then every flag that is set.
[[nodiscard]] inline std::string in_words(const statement_traits& traits) {
    const auto kind_name = [](statement_traits::kind what) -> std::string {
        switch (what) {
            case statement_traits::kind::empty: return "empty";
            case statement_traits::kind::read: return "read";
            case statement_traits::kind::write: return "write";
            case statement_traits::kind::begin: return "begin";
            case statement_traits::kind::end: return "end";
            case statement_traits::kind::set: return "set";
            case statement_traits::kind::set_transaction: return "set_transaction";
            case statement_traits::kind::use: return "use";
            case statement_traits::kind::several: return "several";
        }
        return "?";
    };
    std::string words = kind_name(traits.what);
    if (traits.only_reads) words += " replica";
    if (traits.pins) words += " pins";
    if (traits.pins == traits.pin_reason.empty()) words += " (reason and pin disagree)";
    if (traits.reads_previous_statement) words += " previous";
    if (traits.only_reads_diagnostics) words += " diagnostics";
    if (traits.sets_globals) words += " globals";
    if (traits.uses_user_variables && !traits.pins) words += " variables";
    if (traits.begin_read_only) words += " read_only";
    if (traits.begin_read_write) words += " read_write";
    if (traits.one_shot_transaction) words += " one_shot";
    if (traits.one_shot_read_only) words += " one_shot_read_only";
    if (traits.sets_serializable) words += " serializable";
    if (traits.end_and_chain) words += " chain";
    if (traits.end_and_release) words += " release";
    if (traits.may_return_rows_of_a_write) words += " rows";
    return words;
}

[[nodiscard]] inline lexer_options mysql_84() {
    return {.flavor = protocol::mysql::server_flavor::mysql, .server_version = 80400};
}

[[nodiscard]] inline lexer_options mysql_97() {
    return {.flavor = protocol::mysql::server_flavor::mysql, .server_version = 90700};
}

[[nodiscard]] inline lexer_options mysql_57() {
    return {.flavor = protocol::mysql::server_flavor::mysql, .server_version = 50744};
}

[[nodiscard]] inline lexer_options mariadb_1011() {
    return {.flavor = protocol::mysql::server_flavor::mariadb, .server_version = 101119};
}

/// Two texts of one form have the same traits and digest, if these may be remembered.
inline void expect_same_reading(
    const std::pair<std::string_view, std::string_view>& texts,
    const lexer_options& options,
    const name_scope& scope
) {
    const statement_traits traits = classify(texts.first, options, scope);
    if (!means_the_same(traits)) return;
    EXPECT_TRUE(traits == classify(texts.second, options, scope)) << texts.first << '\n'
                                                                  << texts.second;
    EXPECT_EQ(digest_of(texts.first, options), digest_of(texts.second, options)) << texts.first;
}

struct statement_row {
    std::string_view sql;
    std::string_view expected;  ///< as in_words() says it
};

inline void expect_rows(
    const name_scope& scope, const lexer_options& options, std::initializer_list<statement_row> rows
) {
    for (const statement_row& row : rows) {
        EXPECT_EQ(in_words(classify(row.sql, options, scope)), row.expected) << row.sql;
        const auto other = support::other_of_its_form(row.sql, options);
        if (!other.empty()) expect_same_reading({row.sql, other}, options, scope);
    }
}

inline void expect_rows(const lexer_options& options, std::initializer_list<statement_row> rows) {
    expect_rows({}, options, rows);
}

/// The same answer from both families.
inline void expect_everywhere(std::initializer_list<statement_row> rows) {
    {
        SCOPED_TRACE("MySQL 9.7");
        expect_rows(mysql_97(), rows);
    }
    SCOPED_TRACE("MariaDB 10.11");
    expect_rows(mariadb_1011(), rows);
}

}  // namespace weir::splitter::testing
