#include "splitter/relay/statement_effect.hpp"

#include "splitter/sql/classifier.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace weir::splitter {
namespace {

TEST(statement_effect, is_what_a_lost_connection_leaves) {
    using effect = statement_effect;
    constexpr bool in_transaction = true;
    constexpr bool outside = false;

    const struct {
        std::string_view sql;
        bool is_open;  ///< a transaction
        effect expected;
    } rows[]{
        {"SELECT a FROM t", outside, effect::none},
        {"SELECT a FROM t", in_transaction, effect::none},
        {"SHOW PROCESSLIST", outside, effect::none},
        {"BEGIN", outside, effect::none},
        {"START TRANSACTION READ ONLY", outside, effect::none},
        {"BEGIN", in_transaction, effect::lasting},
        {"USE test", outside, effect::none},
        {"/* nothing */", outside, effect::none},
        {"SELECT 1; SELECT 2", outside, effect::none},
        {"SELECT 1; DELETE FROM t", outside, effect::lasting},
        {"SELECT LAST_INSERT_ID()", outside, effect::in_transaction},
        {"SELECT a FROM t FOR UPDATE", in_transaction, effect::in_transaction},
        {"SELECT f()", in_transaction, effect::in_transaction},
        {"INSERT INTO t VALUES (1)", in_transaction, effect::in_transaction},
        {"UPDATE t SET a=1", outside, effect::in_transaction},
        {"DELETE FROM t", outside, effect::in_transaction},
        {"REPLACE INTO t VALUES (1)", outside, effect::in_transaction},
        {"COMMIT", in_transaction, effect::commit},
        {"commit work", in_transaction, effect::commit},
        {"COMMIT AND NO CHAIN NO RELEASE", in_transaction, effect::commit},
        {"COMMIT", outside, effect::lasting},
        {"COMMIT AND CHAIN", in_transaction, effect::lasting},
        {"COMMIT RELEASE", in_transaction, effect::lasting},
        {"ROLLBACK", in_transaction, effect::lasting},
        {"SAVEPOINT s", in_transaction, effect::lasting},
        {"CALL p()", in_transaction, effect::lasting},
        {"CREATE TABLE u (a INT)", in_transaction, effect::lasting},
        {"TRUNCATE TABLE t", in_transaction, effect::lasting},
        {"LOAD DATA INFILE 'x' INTO TABLE t", in_transaction, effect::lasting},
        {"SET autocommit=1", in_transaction, effect::lasting},
        {"LOCK TABLES t WRITE", outside, effect::lasting},
        {"anything else", outside, effect::lasting},
    };

    for (const auto& row : rows) {
        transaction_state transaction;
        transaction.open = row.is_open;
        EXPECT_EQ(effect_of(classify(row.sql, {}), transaction), row.expected) << row.sql;
    }
}

}  // namespace
}  // namespace weir::splitter
